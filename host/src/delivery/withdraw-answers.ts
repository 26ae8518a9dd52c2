import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { ClaimedDelivery } from './claim.ts';
import { lastRounds, type JournaledAsk } from './last-round.ts';

type Call = Pick<ClaimedDelivery, 'groupId' | 'deliveryId'>;

/**
 * Which answers another attempt asks for again, beyond those that are retryable by themselves:
 *
 *   named     those that the connector named
 *   resumed   what a person wants to see again: refusals and failures, and what may be repeated anyway
 */
type Wanted = { by: 'named'; asks: readonly number[] } | { by: 'resumed' };

interface HttpAsk extends JournaledAsk {
  status: number | null;
  code: string | null;
  retryable: boolean;
  repeatable: boolean;
}

/**
 * Takes back answers of the last round that has any to take back, so that the next run asks the world anew and
 * everything before stays done. A request whose outcome is unknown is never among them: sending it again could double it.
 *
 * @returns how many were taken back; with none, the next run would end as the last one did
 */
export async function withdrawAnswers(trx: Kysely<Database>, call: Call, wanted: Wanted): Promise<number> {
  const asks = await readAsks(trx, call);
  for (const { answered, after } of lastRounds(asks)) {
    const withdrawn = answered.filter((ask) => isWanted(ask, wanted)).map(({ number }) => number);
    if (withdrawn.length === 0) continue;
    await forgetAsks(
      trx,
      call,
      after.map(({ number }) => number),
    );
    await clearAnswers(trx, call, withdrawn);
    await dropEmptyBatches(trx, call);
    return withdrawn.length;
  }
  return 0;
}

function isWanted({ kind, number, status, code, retryable, repeatable }: HttpAsk, wanted: Wanted): boolean {
  if (kind !== 'http' || code === 'OUTCOME_UNKNOWN') return false;
  if (retryable) return true;
  if (wanted.by === 'named') return wanted.asks.includes(number);
  return repeatable || (status === null ? code !== null && !ANSWERED.has(code) : status >= 300);
}

/** There was an answer that was not shown: the request may have been carried out. */
const ANSWERED = new Set(['RESPONSE_TOO_LARGE', 'SECRET_REFLECTED']);

function readAsks(trx: Kysely<Database>, { groupId, deliveryId }: Call): Promise<HttpAsk[]> {
  return trx
    .selectFrom('journal_asks')
    .select(['number', 'kind', 'batch', 'before_batch as beforeBatch', 'status', 'code', 'retryable', 'repeatable'])
    .where('group_id', '=', groupId)
    .where('delivery_id', '=', deliveryId)
    .orderBy('number')
    .execute();
}

/**
 * `send_attempt`, and with it the Idempotency-Key, rises only after a definite answer: when nobody answered, the same
 * request goes again.
 */
async function clearAnswers(trx: Kysely<Database>, call: Call, numbers: readonly number[]): Promise<void> {
  await sql`
    update journal_asks
    set sent_at = null, answered_at = null, answer = null, status = null, code = null, retryable = false,
        batch = null, batch_position = null,
        send_attempt = send_attempt + case when code in ('EGRESS_TIMEOUT', 'EGRESS_FAILED') then 0 else 1 end
    where group_id = ${call.groupId} and delivery_id = ${call.deliveryId}
      and number in (select jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb)::int)
  `.execute(trx);
}

async function forgetAsks(trx: Kysely<Database>, call: Call, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return;
  await trx
    .deleteFrom('journal_asks')
    .where('group_id', '=', call.groupId)
    .where('delivery_id', '=', call.deliveryId)
    .where('number', 'in', [...numbers])
    .execute();
}

async function dropEmptyBatches(trx: Kysely<Database>, { groupId, deliveryId }: Call): Promise<void> {
  await sql`
    delete from journal_batches b
    where b.group_id = ${groupId} and b.delivery_id = ${deliveryId} and not exists (
      select 1 from journal_asks a
      where a.group_id = b.group_id and a.delivery_id = b.delivery_id and a.batch = b.number)
  `.execute(trx);
}
