import { sql, type Kysely } from 'kysely';
import type { GroupId, IncidentId, IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import { healthLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Health } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Database } from '../store/schema.ts';
import { averageLatencyMs, countedHours, HOUR_MS, successRate } from './counted-hours.ts';
import { unresolvedAlerts } from './watch/watch-alerts.ts';

interface Sums {
  received: number;
  success: number;
  errors: number;
  durationMicros: number;
}

interface TotalsRow {
  type: string;
  received: number;
  accepted: number;
  waiting: number;
  duration_micros: number;
}

interface RecentRow {
  integration_id: IntegrationId;
  name: string;
  type: string;
  state: 'enabled' | 'disabled';
  received: number;
  accepted: number;
  failed: number;
  turned_away: number;
  duration_micros: number;
}

type Entry = Health['integrations'][number];

/** How well alerts come in: over all time, and lately. What it counts stands at its schema. */
export async function readHealth(db: Kysely<Database>, groupId: GroupId, now: number): Promise<Health> {
  const totals = await readTotals(db, groupId);
  const recent = await readRecent(db, groupId, now);
  const { rows: alerts } = await sql<{
    integration_id: IntegrationId;
    kind: 'silent' | 'failing';
    incident_id: IncidentId;
    opened_at: Date;
  }>`
    select integration_id, kind, incident_id, opened_at from (${unresolvedAlerts(groupId)}) a
    order by opened_at, incident_id`.execute(db);

  const all = emptySums();
  const byType = new Map<string, Sums>();
  for (const row of totals) {
    const name = row.type.toUpperCase();
    const ofType = byType.get(name) ?? emptySums();
    byType.set(name, ofType);
    const errors = Math.max(0, row.received - row.accepted - row.waiting);
    for (const sum of [all, ofType]) add(sum, row.received, row.accepted, errors, row.duration_micros);
  }
  const lately = emptySums();
  let turnedAway = 0;
  for (const row of recent) {
    if (row.state === 'disabled') continue;
    add(lately, row.received, row.accepted, row.failed, row.duration_micros);
    turnedAway += row.turned_away;
  }
  const integrations = recent.map((row) => {
    const own = alerts
      .filter((alert) => alert.integration_id === row.integration_id)
      .map((alert) => ({ kind: alert.kind, incidentId: alert.incident_id, since: alert.opened_at.toISOString() }));
    return entryOf(row, own);
  });
  integrations.sort((a, b) => URGENCY.indexOf(a.status) - URGENCY.indexOf(b.status));
  const rate = statusOf(successRate(lately.success, lately.errors));
  const marred = integrations.some(({ status, alerts: open }) => status === 'unhealthy' || open.length > 0);
  return {
    status: rate === 'healthy' && marred ? 'degraded' : rate,
    global: shown(all),
    byType: Object.fromEntries(
      [...byType].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sum]) => [name, shown(sum)]),
    ),
    recent: {
      hours: healthLimits.statusHours,
      received: lately.received,
      success: lately.success,
      errors: lately.errors,
      successRate: successRate(lately.success, lately.errors),
      averageLatencyMs: averageLatencyMs(lately.durationMicros, lately.received),
      turnedAway,
    },
    integrations,
  };
}

const URGENCY: readonly Entry['status'][] = ['unhealthy', 'degraded', 'healthy', 'idle', 'paused'];

function statusOf(rate: number): Health['status'] {
  if (rate >= healthLimits.healthyFromPercent) return 'healthy';
  return rate >= healthLimits.degradedFromPercent ? 'degraded' : 'unhealthy';
}

function entryOf(row: RecentRow, alerts: Entry['alerts']): Entry {
  const rate = successRate(row.accepted, row.failed);
  const seen = row.received === 0 ? 'idle' : statusOf(rate);
  const calm = seen === 'idle' || seen === 'healthy';
  return {
    id: row.integration_id,
    name: row.name,
    type: row.type,
    status: row.state === 'disabled' ? 'paused' : calm && alerts.length > 0 ? 'degraded' : seen,
    received: row.received,
    success: row.accepted,
    errors: row.failed,
    successRate: rate,
    averageLatencyMs: averageLatencyMs(row.duration_micros, row.received),
    turnedAway: row.turned_away,
    alerts,
  };
}

/** Of every integration that ever was, for the totals. */
async function readTotals(db: Kysely<Database>, groupId: GroupId): Promise<TotalsRow[]> {
  const { rows } = await sql<TotalsRow>`
    select i.type, c.received - c.turned_away as received, c.accepted, c.duration_micros, (
        select count(*) from requests r
        where r.group_id = c.group_id and r.integration_id = c.integration_id and r.state = 'pending' and r.attempts = 0
      ) as waiting
    from integration_counters c
    join integrations i on i.group_id = c.group_id and i.integration_id = c.integration_id
    where c.group_id = ${groupId}`.execute(db);
  return rows;
}

/** Of those that are there, by name. */
async function readRecent(db: Kysely<Database>, groupId: GroupId, now: number): Promise<RecentRow[]> {
  const first = new Date((Math.floor(now / HOUR_MS) - (healthLimits.statusHours - 1)) * HOUR_MS);
  const { rows } = await sql<RecentRow>`
    select i.integration_id, i.name, i.type, i.state, coalesce(sum(h.received), 0)::bigint as received,
      coalesce(sum(h.accepted), 0)::bigint as accepted, coalesce(sum(h.failed), 0)::bigint as failed,
      coalesce(sum(h.turned_away), 0)::bigint as turned_away,
      coalesce(sum(h.duration_micros), 0)::bigint as duration_micros
    from integrations i
    left join (${countedHours(first, groupId)}) h on h.integration_id = i.integration_id
    where i.group_id = ${groupId} and i.removed_at is null
    group by i.group_id, i.integration_id
    order by lower(i.name), i.integration_id`.execute(db);
  return rows;
}

function emptySums(): Sums {
  return { received: 0, success: 0, errors: 0, durationMicros: 0 };
}

function add(sum: Sums, received: number, success: number, errors: number, durationMicros: number): void {
  sum.received += received;
  sum.success += success;
  sum.errors += errors;
  sum.durationMicros += durationMicros;
}

function shown({ received, success, errors, durationMicros }: Sums): Health['global'] {
  return {
    totalReceived: received,
    totalSuccess: success,
    totalErrors: errors,
    successRate: successRate(success, errors),
    averageLatencyMs: averageLatencyMs(durationMicros, received),
  };
}
