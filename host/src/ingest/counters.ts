import { sql, type Transaction } from 'kysely';
import type { GroupId, IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Database } from '../store/schema.ts';
import type { WriteEntry } from './write-entry.ts';

/** What is added to an integration's totals. */
export interface CounterDelta {
  readonly groupId: GroupId;
  readonly integrationId: IntegrationId;
  received: number;
  accepted: number;
  refused: number;
  durationMicros: number;
  /** Milliseconds since the epoch. */
  lastRequestAt: number;
}

/** Totals of some entries, one for each integration. */
export function countEntries(entries: readonly WriteEntry[]): CounterDelta[] {
  const deltas = new Map<IntegrationId, CounterDelta>();
  for (const { kind, request, verdict } of entries) {
    const delta = deltaOf(deltas, request.groupId, request.integrationId);
    delta.lastRequestAt = Math.max(delta.lastRequestAt, request.order / 1000);
    if (kind === 'receive') {
      delta.received += 1;
      delta.durationMicros += Math.round(verdict.durationMicros);
    }
    if (verdict.state === 'accepted' || verdict.state === 'ignored') delta.accepted += 1;
    if (verdict.state === 'refused' || verdict.state === 'invalid') delta.refused += 1;
  }
  return [...deltas.values()];
}

export function deltaOf(
  deltas: Map<IntegrationId, CounterDelta>,
  groupId: GroupId,
  integrationId: IntegrationId,
): CounterDelta {
  let delta = deltas.get(integrationId);
  if (delta === undefined) {
    delta = { groupId, integrationId, received: 0, accepted: 0, refused: 0, durationMicros: 0, lastRequestAt: 0 };
    deltas.set(integrationId, delta);
  }
  return delta;
}

/** Two lists of totals as one, with one entry for each integration. */
export function mergeDeltas(deltas: readonly CounterDelta[], extra: readonly CounterDelta[]): CounterDelta[] {
  const all = new Map(deltas.map((delta) => [delta.integrationId, { ...delta }]));
  for (const more of extra) {
    const delta = deltaOf(all, more.groupId, more.integrationId);
    delta.received += more.received;
    delta.accepted += more.accepted;
    delta.refused += more.refused;
    delta.lastRequestAt = Math.max(delta.lastRequestAt, more.lastRequestAt);
  }
  return [...all.values()];
}

/** Adds to the totals; last in its transaction, in one order everywhere, because these rows are everybody's. */
export async function addCounters(trx: Transaction<Database>, deltas: readonly CounterDelta[]): Promise<void> {
  if (deltas.length === 0) return;
  const rows = deltas.map((delta) => ({
    group_id: delta.groupId,
    integration_id: delta.integrationId,
    received: delta.received,
    accepted: delta.accepted,
    refused: delta.refused,
    duration_micros: delta.durationMicros,
    last_request_at: new Date(delta.lastRequestAt).toISOString(),
  }));
  await sql`
    insert into integration_counters as c
      (group_id, integration_id, received, accepted, refused, duration_micros, last_request_at)
    select group_id, integration_id, received, accepted, refused, duration_micros, last_request_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(group_id text, integration_id text, received bigint,
      accepted bigint, refused bigint, duration_micros bigint, last_request_at timestamptz)
    order by group_id, integration_id
    on conflict (group_id, integration_id) do update set
      received = c.received + excluded.received, accepted = c.accepted + excluded.accepted,
      refused = c.refused + excluded.refused, duration_micros = c.duration_micros + excluded.duration_micros,
      last_request_at = greatest(c.last_request_at, excluded.last_request_at)`.execute(trx);
}
