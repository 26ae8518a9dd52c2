import { sql, type Kysely } from 'kysely';
import { healthLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Database } from '../../store/schema.ts';
import { WATCH_TYPE, watchedIntegrations, type WatchedRow } from './watch-alerts.ts';

/** What an integration was like in the week up to its last request. */
interface UsualTalk {
  readonly requests: number;
  /** On how many days of the week something came. */
  readonly days: number;
  readonly longestGapMs: number;
}

const { silenceFactor, silenceMinMs, usualDays, usualMs, usualRequests } = healthLimits;

/** How long an integration may be silent; null for those of which too little is known. */
function allowedSilenceMs({ requests, days, longestGapMs }: UsualTalk): number | null {
  if (requests < usualRequests || days < usualDays) return null;
  return Math.max(silenceMinMs, silenceFactor * longestGapMs);
}

export interface SilentRow extends WatchedRow {
  last_at: Date;
  requests: number;
  days: number;
  longest_gap_ms: number;
  /** The median of the hours in which something came. */
  hourly: number;
}

/**
 * Integrations of every group that are silent for longer than they ever were, and of whose silence nobody was told.
 *
 * @param upSince since when senders could post: silence before that is ours
 */
export async function readSilent(db: Kysely<Database>, now: number, upSince: number): Promise<SilentRow[]> {
  const before = new Date(now - silenceMinMs);
  if (upSince >= before.getTime()) return [];
  const { rows } = await sql<SilentRow>`
    with quiet as (
      select w.*, l.last_at
      from (${watchedIntegrations}) w
      cross join lateral (
        select max(h.last_at) as last_at from integration_hours h
        where h.group_id = w.group_id and h.integration_id = w.integration_id
          and h.hour >= ${new Date(now - healthLimits.keepHoursMs)}
      ) l
      where l.last_at < ${before} and w.watched_since < ${before} and not exists (
        select 1 from incidents n
        where n.group_id = w.group_id and n.dedup_key = 'silent-' || w.integration_id and n.type = ${WATCH_TYPE}
          and n.opened_at >= l.last_at)
    ), talk as (
      select q.group_id, q.integration_id, q.last_at as spoke, h.received, h.first_at, h.last_at, h.longest_gap_ms,
        lag(h.last_at) over (partition by h.group_id, h.integration_id order by h.hour) as before
      from quiet q
      join integration_hours h on h.group_id = q.group_id and h.integration_id = q.integration_id
        and h.last_at > q.last_at - ${usualMs} * interval '1 millisecond'
    ), usual as (
      select group_id, integration_id, sum(received)::bigint as requests,
        count(distinct floor(extract(epoch from spoke - last_at) / 86400)) as days,
        percentile_cont(0.5) within group (order by received) as hourly,
        max(greatest(longest_gap_ms, round(extract(epoch from first_at - before) * 1000)))::bigint as longest_gap_ms
      from talk
      group by group_id, integration_id
    )
    select q.*, u.requests, u.days, u.hourly, u.longest_gap_ms
    from quiet q join usual u on u.group_id = q.group_id and u.integration_id = q.integration_id
    order by q.group_id, q.integration_id`.execute(db);
  return rows.filter((row) => {
    const allowed = allowedSilenceMs({ requests: row.requests, days: row.days, longestGapMs: row.longest_gap_ms });
    const since = Math.max(row.last_at.getTime(), row.watched_since.getTime(), upSince);
    return allowed !== null && now - since > allowed;
  });
}
