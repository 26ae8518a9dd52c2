import { sql, type Transaction } from 'kysely';
import type { GroupId, IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Database } from '../store/schema.ts';
import type { RequestVerdict } from './request-row.ts';
import type { Origin, WriteEntry } from './write-entry.ts';

/** What is added to an hour of an integration, and to its totals. Where nothing else is said, of proven senders. */
interface CounterDelta {
  readonly groupId: GroupId;
  readonly integrationId: IntegrationId;
  /** When it began, milliseconds since the epoch. */
  readonly hour: number;
  received: number;
  accepted: number;
  invalid: number;
  refused: number;
  pluginErrors: number;
  /** Refused without having shown a valid key or signature: says nothing about the integration. */
  turnedAway: number;
  durationMicros: number;
  /** Of what the sender itself posted, milliseconds since the epoch; null when that was nothing. */
  firstAt: number | null;
  lastAt: number | null;
  /** Of any request, milliseconds since the epoch. */
  lastRequestAt: number;
}

/** By integration and hour. */
export type CounterDeltas = Map<string, CounterDelta>;

const HOUR_MS = 60 * 60 * 1000;
/** Why a request waits or is dead, where its plugin is not to blame. */
const NOT_OF_THE_PLUGIN: ReadonlySet<string> = new Set([
  'SANDBOX_UNAVAILABLE',
  'MODULE_UNVERIFIED',
  'TYPE_NOT_INSTALLED',
  'INTERNAL',
]);

/** Adds what some entries count. What became of a request counts in the hour in which it came. */
export function countEntries(deltas: CounterDeltas, entries: readonly WriteEntry[]): void {
  for (const entry of entries) {
    const { request, verdict } = entry;
    const at = request.order / 1000;
    const delta = deltaOf(deltas, request.groupId, request.integrationId, at);
    delta.lastRequestAt = Math.max(delta.lastRequestAt, at);
    if (entry.kind === 'receive') {
      if (entry.from === 'stranger') {
        delta.turnedAway += 1;
        continue;
      }
      delta.received += 1;
      delta.durationMicros += Math.round(verdict.durationMicros);
      if (entry.from === 'sender') {
        delta.firstAt = Math.min(delta.firstAt ?? at, at);
        delta.lastAt = Math.max(delta.lastAt ?? at, at);
      }
    }
    countVerdict(delta, verdict);
  }
}

function countVerdict(delta: CounterDelta, { state, code }: RequestVerdict): void {
  switch (state) {
    case 'accepted':
    case 'ignored':
      delta.accepted += 1;
      return;
    case 'invalid':
      delta.invalid += 1;
      return;
    case 'refused':
      delta.refused += 1;
      return;
    case 'pending':
    case 'dead':
      if (code !== null && !NOT_OF_THE_PLUGIN.has(code)) delta.pluginErrors += 1;
  }
}

/** A refusal that is not recorded as a request. */
export function countRefusal(
  deltas: CounterDeltas,
  from: Origin,
  groupId: GroupId,
  integrationId: IntegrationId,
  at: number,
): void {
  const delta = deltaOf(deltas, groupId, integrationId, at);
  delta.lastRequestAt = Math.max(delta.lastRequestAt, at);
  if (from === 'stranger') {
    delta.turnedAway += 1;
    return;
  }
  delta.received += 1;
  delta.refused += 1;
  if (from !== 'sender') return;
  delta.firstAt = Math.min(delta.firstAt ?? at, at);
  delta.lastAt = Math.max(delta.lastAt ?? at, at);
}

function deltaOf(deltas: CounterDeltas, groupId: GroupId, integrationId: IntegrationId, at: number): CounterDelta {
  const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
  const key = `${integrationId} ${hour}`;
  let delta = deltas.get(key);
  if (delta === undefined) {
    delta = {
      groupId,
      integrationId,
      hour,
      received: 0,
      accepted: 0,
      invalid: 0,
      refused: 0,
      pluginErrors: 0,
      turnedAway: 0,
      durationMicros: 0,
      firstAt: null,
      lastAt: null,
      lastRequestAt: 0,
    };
    deltas.set(key, delta);
  }
  return delta;
}

/**
 * Adds to hours and totals in one statement; last in its transaction, in one order everywhere, because these rows are
 * everybody's.
 */
export async function addCounters(trx: Transaction<Database>, deltas: CounterDeltas): Promise<void> {
  if (deltas.size === 0) return;
  const rows = [...deltas.values()].map((delta) => ({
    group_id: delta.groupId,
    integration_id: delta.integrationId,
    hour: timeOf(delta.hour),
    received: delta.received,
    accepted: delta.accepted,
    invalid: delta.invalid,
    refused: delta.refused,
    plugin_errors: delta.pluginErrors,
    turned_away: delta.turnedAway,
    duration_micros: delta.durationMicros,
    first_at: timeOf(delta.firstAt),
    last_at: timeOf(delta.lastAt),
    last_request_at: timeOf(delta.lastRequestAt),
  }));
  await sql`
    with x as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as x(group_id text, integration_id text,
        hour timestamptz, received bigint, accepted bigint, invalid bigint, refused bigint, plugin_errors bigint,
        turned_away bigint, duration_micros bigint, first_at timestamptz, last_at timestamptz,
        last_request_at timestamptz)
    ), hours as (
      insert into integration_hours as h (group_id, integration_id, hour, received, accepted, invalid, refused,
        plugin_errors, turned_away, duration_micros, first_at, last_at)
      select group_id, integration_id, hour, received, accepted, invalid, refused, plugin_errors, turned_away,
        duration_micros, first_at, last_at
      from x order by group_id, integration_id, hour
      on conflict (group_id, integration_id, hour) do update set
        received = h.received + excluded.received, accepted = h.accepted + excluded.accepted,
        invalid = h.invalid + excluded.invalid, refused = h.refused + excluded.refused,
        plugin_errors = h.plugin_errors + excluded.plugin_errors,
        turned_away = h.turned_away + excluded.turned_away,
        duration_micros = h.duration_micros + excluded.duration_micros,
        longest_gap_ms = greatest(h.longest_gap_ms,
          round(extract(epoch from excluded.first_at - h.last_at) * 1000)::bigint),
        first_at = least(h.first_at, excluded.first_at), last_at = greatest(h.last_at, excluded.last_at)
    )
    insert into integration_counters as c
      (group_id, integration_id, received, accepted, refused, turned_away, duration_micros, last_request_at)
    select group_id, integration_id, sum(received + turned_away), sum(accepted),
      sum(invalid + refused + turned_away), sum(turned_away), sum(duration_micros), max(last_request_at)
    from x group by group_id, integration_id order by group_id, integration_id
    on conflict (group_id, integration_id) do update set
      received = c.received + excluded.received, accepted = c.accepted + excluded.accepted,
      refused = c.refused + excluded.refused, turned_away = c.turned_away + excluded.turned_away,
      duration_micros = c.duration_micros + excluded.duration_micros,
      last_request_at = greatest(c.last_request_at, excluded.last_request_at)`.execute(trx);
}

function timeOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
