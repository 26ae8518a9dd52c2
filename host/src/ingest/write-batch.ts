import { sql, type Kysely, type Transaction } from 'kysely';
import type { GroupId, RequestId } from '@patchbay/plugin-sdk/contract/ids';
import { applyEvents } from '../incidents/apply-events.ts';
import { directActs } from '../incidents/direct-acts.ts';
import { timeOfOrder } from '../incidents/keyed-event.ts';
import type { Database } from '../store/schema.ts';
import type { Procedure } from '../store/procedure.ts';
import { storableJson } from '../store/storable.ts';
import { transact } from '../store/transact.ts';
import { addCounters, countEntries, type CounterDeltas } from './counters.ts';
import type { DoorAnswer } from './door-request.ts';
import type { RequestRow, RequestVerdict } from './request-row.ts';
import { noteDeliveries } from './seen-deliveries.ts';
import type { WriteEntry } from './write-entry.ts';

export interface BatchResult {
  /** Requests whose claim was lost: their results were dropped. */
  readonly superseded: ReadonlySet<RequestId>;
  /** Deliveries that had been taken before, with what the first was answered: nothing of them was written. */
  readonly repeated: ReadonlyMap<RequestId, DoorAnswer>;
  /** How many changes of incidents there were. */
  readonly changes: number;
  /** How many of them are in the outbox. */
  readonly queued: number;
}

/**
 * Commits requests, their events, incidents and the outbox in one transaction, and counts them.
 *
 * @param refused refusals to be counted along
 */
export async function writeBatch(
  db: Kysely<Database>,
  entries: readonly WriteEntry[],
  refused: CounterDeltas,
  publicUrl: string,
): Promise<BatchResult> {
  return transact(db, async (trx) => {
    const superseded = await finishRequests(trx, entries);
    const repeated = await noteDeliveries(trx, entries);
    const fresh = repeated.size === 0 ? entries : entries.filter(({ request }) => !repeated.has(request.requestId));
    await insertRequests(trx, fresh);
    const counting = fresh.filter((entry) => !superseded.has(entry.request.requestId));
    const events = counting.flatMap((entry) => entry.events);
    const { changes, queued } = await applyEvents(trx, await directActs(trx, events), publicUrl);
    // A copy, since the transaction may run again.
    const counts = new Map([...refused].map(([key, delta]) => [key, { ...delta }]));
    countEntries(counts, counting);
    await addCounters(trx, counts);
    return { superseded, repeated, changes, queued };
  });
}

/** @returns the requests that are no longer claimed by who finished them */
async function finishRequests(
  trx: Transaction<Database>,
  entries: readonly WriteEntry[],
): Promise<ReadonlySet<RequestId>> {
  const finishing = entries.filter((entry) => entry.kind === 'finish');
  if (finishing.length === 0) return new Set();
  const values = finishing.map((entry) => ({
    group_id: entry.request.groupId,
    request_id: entry.request.requestId,
    expected_claim: entry.claimId,
    plugin_id: entry.plugin.id,
    plugin_version: entry.plugin.version,
    ...verdictColumns(entry.verdict, entry.events.length),
  }));
  const { rows } = await sql<{ request_id: RequestId }>`
    update requests r set
      state = x.state, code = x.code, reason = x.reason, issues = x.issues::jsonb, logs = x.logs::jsonb,
      event_count = x.event_count, attempts = x.attempts, next_attempt_at = x.next_attempt_at, claim_id = x.claim_id,
      claimed_until = x.claimed_until, plugin_id = x.plugin_id, plugin_version = x.plugin_version
    from json_to_recordset(${JSON.stringify(values)}::json) as x(group_id text, request_id text, expected_claim text,
      plugin_id text, plugin_version text, ${verdictTypes})
    where r.group_id = x.group_id and r.request_id = x.request_id and r.claim_id = x.expected_claim
      and r.state = 'pending'
    returning r.request_id`.execute(trx);
  const finished = new Set(rows.map((row) => row.request_id));
  return new Set(finishing.map((entry) => entry.request.requestId).filter((id) => !finished.has(id)));
}

export const writeProcedure: Procedure<
  Parameters<typeof writeBatch> extends [unknown, ...infer Given] ? Given : never,
  BatchResult
> = {
  name: 'write',
  run: writeBatch,
};

async function insertRequests(trx: Transaction<Database>, entries: readonly WriteEntry[]): Promise<void> {
  const rows = entries.flatMap((entry) =>
    entry.kind === 'receive' ? [requestColumns(entry.request, entry.verdict, entry.events.length)] : [],
  );
  if (rows.length === 0) return;
  await sql`
    insert into requests (group_id, request_id, integration_id, received_order, received_at, state, status, code,
      reason, issues, method, headers, query, content_type, body, remote_address, duration_micros, event_count,
      plugin_id, plugin_version, logs, attempts, next_attempt_at, claim_id, claimed_until)
    select group_id, request_id, integration_id, received_order, received_at, state, status, code, reason,
      issues::jsonb, method, headers::jsonb, query::jsonb, content_type, decode(body, 'base64'), remote_address,
      duration_micros, event_count, plugin_id, plugin_version, logs::jsonb, attempts, next_attempt_at, claim_id,
      claimed_until
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(group_id text, request_id text, integration_id text,
      received_order bigint, received_at timestamptz, method text, headers text, query text, content_type text,
      body text, remote_address text, plugin_id text, plugin_version text, ${verdictTypes})`.execute(trx);
}

function requestColumns(request: RequestRow, verdict: RequestVerdict, eventCount: number) {
  return {
    group_id: request.groupId,
    request_id: request.requestId,
    integration_id: request.integrationId,
    received_order: request.order,
    received_at: timeOfOrder(request.order),
    method: request.method,
    headers: request.headers,
    query: request.query,
    content_type: request.contentType,
    body: base64Of(request.body),
    remote_address: request.remoteAddress,
    plugin_id: request.pluginId,
    plugin_version: request.pluginVersion,
    ...verdictColumns(verdict, eventCount),
  };
}

/** In another thread a Buffer arrives as bare bytes. */
function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function verdictColumns(verdict: RequestVerdict, eventCount: number) {
  const { issues, nextAttemptAt, claim } = verdict;
  return {
    state: verdict.state,
    status: verdict.status,
    code: verdict.code,
    reason: verdict.reason,
    issues: issues === null ? null : storableJson(issues),
    logs: verdict.logs,
    duration_micros: Math.round(verdict.durationMicros),
    event_count: eventCount,
    attempts: verdict.attempts,
    next_attempt_at: nextAttemptAt === null ? null : new Date(nextAttemptAt).toISOString(),
    claim_id: claim?.id ?? null,
    claimed_until: claim === null ? null : new Date(claim.until).toISOString(),
  };
}

const verdictTypes = sql.raw(`state text, status integer, code text, reason text, issues text, logs text,
  duration_micros integer, event_count integer, attempts integer, next_attempt_at timestamptz, claim_id text,
  claimed_until timestamptz`);

/** Names a group's entries for those who want to know what changed. */
export function groupsOf(entries: readonly WriteEntry[]): Set<GroupId> {
  return new Set(entries.map((entry) => entry.request.groupId));
}
