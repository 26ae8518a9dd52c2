import { sql, type Kysely } from 'kysely';
import type { IncidentId } from '@patchbay/plugin-sdk/contract/ids';
import { healthLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Database } from '../../store/schema.ts';
import { countedHours, HOUR_MS } from '../counted-hours.ts';
import { WATCH_TYPE, watchedIntegrations, type WatchedRow } from './watch-alerts.ts';

interface Outcomes {
  readonly success: number;
  readonly failed: number;
}

const { failuresAbovePercent, failuresMin, failuresOverPercent, usualMs, usualRequests } = healthLimits;

/** What is looked at as the last hour: the running one alone when enough has come in it, else with the one before. */
function lastHour(running: Outcomes, previous: Outcomes): Outcomes {
  if (running.success + running.failed >= failuresMin) return running;
  return { success: running.success + previous.success, failed: running.failed + previous.failed };
}

/** Whether so many fail that it is news; never when too little is known of what is usual. */
function isFailing(recent: Outcomes, usual: Outcomes): boolean {
  if (usual.success + usual.failed < usualRequests || recent.failed < failuresMin) return false;
  return failedPercent(recent) >= failedPercent(usual) + failuresAbovePercent;
}

/** Whether what was failing is as it usually is again, also because nothing comes any more. */
function isOver(recent: Outcomes, usual: Outcomes): boolean {
  return failedPercent(recent) <= failedPercent(usual) + failuresOverPercent;
}

export function failedPercent({ success, failed }: Outcomes): number {
  return success + failed === 0 ? 0 : (100 * failed) / (success + failed);
}

interface OutcomesRow extends WatchedRow {
  running_success: number;
  running_failed: number;
  previous_success: number;
  previous_failed: number;
  usual_success: number;
  usual_failed: number;
  /** The newest incident of the kind. */
  incident_id: IncidentId | null;
  resolved_at: Date | null;
}

export interface FailingRow extends WatchedRow {
  recent: Outcomes;
  usual: Outcomes;
}

/** Integrations of every group that begin to fail, and the incidents of those that do no longer. */
export async function readFailing(
  db: Kysely<Database>,
  now: number,
): Promise<{ failing: FailingRow[]; recovered: Set<IncidentId> }> {
  const running = Math.floor(now / HOUR_MS) * HOUR_MS;
  const previous = running - HOUR_MS;
  const failing: FailingRow[] = [];
  const recovered = new Set<IncidentId>();
  for (const row of await readOutcomes(db, running, previous)) {
    const current = { success: row.running_success, failed: row.running_failed };
    const before = { success: row.previous_success, failed: row.previous_failed };
    const usual = { success: row.usual_success, failed: row.usual_failed };
    if (row.incident_id !== null && row.resolved_at === null) {
      if (isOver(lastHour(current, before), usual)) recovered.add(row.incident_id);
      continue;
    }
    // Hours that began before somebody said that it is over, or to watch it, were told of or count for nothing.
    const from = Math.max(row.resolved_at?.getTime() ?? 0, row.watched_since.getTime());
    const none = { success: 0, failed: 0 };
    const recent = lastHour(running >= from ? current : none, previous >= from ? before : none);
    if (isFailing(recent, usual)) failing.push({ ...row, recent, usual });
  }
  return { failing, recovered };
}

/** What is usual was so in the week before, of an incident before it opened. */
async function readOutcomes(db: Kysely<Database>, running: number, previous: number): Promise<OutcomesRow[]> {
  const { rows } = await sql<OutcomesRow>`
    with recent as (
      select group_id, integration_id,
        coalesce(sum(accepted) filter (where hour >= ${new Date(running)}), 0)::bigint as running_success,
        coalesce(sum(failed) filter (where hour >= ${new Date(running)}), 0)::bigint as running_failed,
        coalesce(sum(accepted) filter (where hour < ${new Date(running)}), 0)::bigint as previous_success,
        coalesce(sum(failed) filter (where hour < ${new Date(running)}), 0)::bigint as previous_failed
      from (${countedHours(new Date(previous), null)}) h
      group by group_id, integration_id
    )
    select w.*, coalesce(r.running_success, 0) as running_success, coalesce(r.running_failed, 0) as running_failed,
      coalesce(r.previous_success, 0) as previous_success, coalesce(r.previous_failed, 0) as previous_failed,
      u.usual_success, u.usual_failed, n.incident_id, n.resolved_at
    from (${watchedIntegrations}) w
    left join recent r on r.group_id = w.group_id and r.integration_id = w.integration_id
    left join lateral (
      select i.incident_id, i.opened_at, i.resolved_at from incidents i
      where i.group_id = w.group_id and i.dedup_key = 'failing-' || w.integration_id and i.type = ${WATCH_TYPE}
      order by i.incident_id desc limit 1
    ) n on true
    cross join lateral (
      select least(${new Date(previous)}, case when n.resolved_at is null then n.opened_at end) as until
    ) e
    cross join lateral (
      select coalesce(sum(h.accepted), 0)::bigint as usual_success,
        coalesce(sum(greatest(0, h.received - h.accepted)), 0)::bigint as usual_failed
      from integration_hours h
      where h.group_id = w.group_id and h.integration_id = w.integration_id
        and h.hour >= e.until - ${usualMs} * interval '1 millisecond' and h.hour < date_trunc('hour', e.until, 'UTC')
    ) u
    where r.running_failed + r.previous_failed >= ${failuresMin}
      or (n.incident_id is not null and n.resolved_at is null)
    order by w.group_id, w.integration_id`.execute(db);
  return rows;
}
