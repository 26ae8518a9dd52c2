import type { ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import { deliveryLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { LinkedObject } from '@patchbay/plugin-sdk/contract/envelopes';
import { sql, type Kysely } from 'kysely';
import { boundedText } from '../store/storable.ts';
import type { Database } from '../store/schema.ts';
import { transact } from '../store/transact.ts';
import type { ClaimedDelivery } from './claim.ts';
import { storeEmitted, type EmittedEvent, type EmitWorld } from './emitted-events.ts';
import { LeaseLost } from './lease.ts';
import { retryDelayMs } from './retry-schedule.ts';

/**
 * How an attempt ended.
 *
 *   delivered, skipped   final
 *   waiting              asks are open until `dueAt`; no attempt is counted
 *   retry                again by the schedule, dead when the attempts are used up
 *   failed               dead at once
 *   attention            the target refuses our credentials or address: the destination is paused and the delivery
 *                        waits for a person; no attempt is lost
 *   gone                 410: the destination is disabled, the delivery is dead
 */
export type Ending = {
  cpuMicros?: number;
  logs?: { level: string; message: string }[];
  /** What the run that ended the call has emitted. */
  emitted?: readonly EmittedEvent[];
} & (
  | { kind: 'delivered'; message?: string; linked?: LinkedObject }
  | { kind: 'skipped'; message: string }
  | { kind: 'waiting'; dueAt: Date }
  | { kind: 'retry'; code: ErrorCode; message: string; retryAfterMs?: number | null; throttle?: boolean }
  | { kind: 'failed'; code: ErrorCode; message: string }
  | { kind: 'attention'; code: ErrorCode; message: string }
  | { kind: 'gone'; code: ErrorCode; message: string }
);

interface Outcome {
  state: Database['deliveries']['state'];
  attempt: Database['attempts']['outcome'] | null;
  code: ErrorCode | null;
  message: string | null;
  dueInMs: number;
  /** Attempts that are given back. */
  refund: number;
}

const MESSAGE_CHARS = 1000;

/**
 * Writes how the attempt ended, fenced by the claim, and what it means for the destination, in one transaction.
 *
 * @throws LeaseLost when the claim is no longer ours; nothing was written then
 */
export async function finishDelivery(
  db: Kysely<Database>,
  emitTo: EmitWorld,
  claim: ClaimedDelivery,
  ending: Ending,
): Promise<void> {
  const outcome = outcomeOf(claim, ending);
  const linked = ending.kind === 'delivered' && ending.linked !== undefined ? ending.linked : null;
  await transact(db, async (trx) => {
    const { numAffectedRows = 0n } = await sql`
      update deliveries
      set state = ${outcome.state}, claim_id = null, lease_until = null, code = ${outcome.code}, message = ${outcome.message},
          attempts = attempts - ${outcome.refund}::int, cpu_micros = cpu_micros + ${ending.cpuMicros ?? 0}::bigint,
          due_at = now() + ${`${outcome.dueInMs} milliseconds`}::interval,
          linked = coalesce(${linked === null ? null : JSON.stringify(linked)}::jsonb, linked),
          finished_at = case when ${isFinal(outcome.state)}::boolean then now() else null end
      where group_id = ${claim.groupId} and delivery_id = ${claim.deliveryId}
        and claim_id = ${claim.claimId} and state = 'running'
    `.execute(trx);
    if (numAffectedRows === 0n) throw new LeaseLost();
    await writeAttempt(trx, claim, ending, outcome);
    if (linked !== null) await link(trx, claim, linked);
    await writeDestination(trx, claim, ending);
    await storeEmitted(trx, emitTo, claim, ending.emitted ?? []);
  });
}

function outcomeOf(claim: ClaimedDelivery, ending: Ending): Outcome {
  const none = { code: null, message: null, dueInMs: 0, refund: 0 };
  switch (ending.kind) {
    case 'delivered':
      return { ...none, state: 'delivered', attempt: 'delivered', message: cut(ending.message ?? null) };
    case 'skipped':
      return { ...none, state: 'skipped', attempt: 'skipped', message: cut(ending.message) };
    case 'waiting':
      return { ...none, state: 'waiting', attempt: null, dueInMs: Math.max(0, ending.dueAt.getTime() - Date.now()) };
    case 'retry': {
      const { code } = ending;
      const message = cut(ending.message);
      if (claim.attempts >= claim.maxAttempts) return { ...none, state: 'dead', attempt: 'retry', code, message };
      const dueInMs = retryDelayMs(claim.destination.retryScheduleMs, claim.attempts, ending.retryAfterMs ?? null);
      return { ...none, state: 'retrying', attempt: 'retry', code, message, dueInMs };
    }
    case 'attention':
      return {
        ...none,
        state: 'retrying',
        attempt: 'failed',
        code: ending.code,
        message: cut(ending.message),
        refund: 1,
      };
    case 'failed':
    case 'gone':
      return { ...none, state: 'dead', attempt: 'failed', code: ending.code, message: cut(ending.message) };
  }
}

function isFinal(state: Outcome['state']): boolean {
  return state === 'delivered' || state === 'skipped' || state === 'dead' || state === 'cancelled';
}

async function writeAttempt(
  trx: Kysely<Database>,
  claim: ClaimedDelivery,
  ending: Ending,
  outcome: Outcome,
): Promise<void> {
  const logs = JSON.stringify(ending.logs ?? []);
  await sql`
    update attempts
    set outcome = coalesce(${outcome.attempt}::text, outcome), code = ${outcome.code}, message = ${outcome.message},
        cpu_micros = cpu_micros + ${ending.cpuMicros ?? 0}::bigint, logs = ${logs}::jsonb,
        finished_at = case when ${outcome.attempt}::text is null then null else now() end
    where group_id = ${claim.groupId} and delivery_id = ${claim.deliveryId} and number = ${claim.attempts}
  `.execute(trx);
}

async function link(trx: Kysely<Database>, claim: ClaimedDelivery, linked: LinkedObject): Promise<void> {
  const values = { key: linked.key, href: linked.href, title: linked.title ?? null };
  await trx
    .insertInto('linked_objects')
    .values({ group_id: claim.groupId, incident_id: claim.incidentId, destination_id: claim.destinationId, ...values })
    .onConflict((conflict) => conflict.columns(['group_id', 'incident_id', 'destination_id']).doUpdateSet(values))
    .execute();
}

/** Success clears the failure clock; days of nothing but failure disable the destination. */
async function writeDestination(trx: Kysely<Database>, claim: ClaimedDelivery, ending: Ending): Promise<void> {
  const good = ending.kind === 'delivered' || ending.kind === 'skipped' || ending.kind === 'waiting';
  const state = ending.kind === 'attention' ? 'attention' : ending.kind === 'gone' ? 'disabled' : null;
  const stateCode = state === null ? null : ending.kind === 'gone' ? 'DESTINATION_GONE' : 'DESTINATION_NEEDS_ATTENTION';
  const message = 'message' in ending ? cut(ending.message ?? null) : null;
  const throttleMs =
    ending.kind === 'retry' && ending.throttle === true
      ? Math.min(ending.retryAfterMs ?? THROTTLE_MS, deliveryLimits.retryAfterMaxMs)
      : null;
  await sql`
    update destinations
    set next_due_at = now(),
        failing_since = case when ${good}::boolean then null else coalesce(failing_since, now()) end,
        open_until = case when ${throttleMs}::float8 is null then open_until
                          else greatest(open_until, now() + ${`${throttleMs ?? 0} milliseconds`}::interval) end,
        state = case
          when ${state}::text is not null and state = 'active' then ${state}::text
          when not ${good}::boolean and state = 'active' and failing_since < now() - ${DISABLE_AFTER}::interval then 'disabled'
          else state end,
        state_code = case when ${state}::text is not null then ${stateCode}::text
          when not ${good}::boolean and state = 'active' and failing_since < now() - ${DISABLE_AFTER}::interval then 'DESTINATION_NEEDS_ATTENTION'
          else state_code end,
        state_reason = case when ${state}::text is not null then ${message}::text
          when not ${good}::boolean and state = 'active' and failing_since < now() - ${DISABLE_AFTER}::interval
          then 'Nothing could be delivered for several days'
          else state_reason end
    where group_id = ${claim.groupId} and destination_id = ${claim.destinationId}
  `.execute(trx);
}

const THROTTLE_MS = 30_000;
const DISABLE_AFTER = `${deliveryLimits.disableAfterFailingMs} milliseconds`;

function cut(text: string | null): string | null {
  return text === null ? null : boundedText(text, MESSAGE_CHARS);
}
