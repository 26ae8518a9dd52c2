import { randomBytes } from 'node:crypto';
import { httpAskSchema, type AskAnswer, type AskKind, type Journal } from '@patchbay/plugin-sdk/contract/journal';
import type { NewAsk } from '@patchbay/plugin-sdk/contract/run';
import { sql, type Kysely } from 'kysely';
import { isRepeatable, type HttpOutcome } from '../effects/perform-http.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';
import type { ClaimedDelivery } from './claim.ts';
import { LeaseLost } from './lease.ts';

/**
 * The journal of one delivery in the database, requests and answers sealed.
 *
 * An ask's row goes through: open (asked) -> sent (written ahead of the request) -> answered -> handed (in a batch).
 * Answered and not handed: it came in when the run had already failed; the next run gets it first.
 */
export interface StoredAsk {
  number: number;
  kind: AskKind;
  digest: string;
  blocking: boolean;
  request: string;
  /** The number of the first batch that was handed over after it was made; null when that is not known. */
  beforeBatch: number | null;
  sendAttempt: number;
  sent: boolean;
  wakeAt: Date | null;
  answer: AskAnswer | null;
  retryable: boolean;
  batch: number | null;
}

export interface StoredJournal {
  journal: Journal;
  asks: StoredAsk[];
  /** Numbers rise and have gaps where answers were taken back. */
  nextBatch: number;
}

export interface Answered {
  number: number;
  answer: AskAnswer;
  outcome?: HttpOutcome;
}

type Claim = Pick<ClaimedDelivery, 'groupId' | 'deliveryId' | 'claimId'>;

/** Fences a write by the claim, inside the write's transaction. */
export async function holdClaim(trx: Kysely<Database>, claim: Claim): Promise<void> {
  const { rows } = await sql`
    select 1 from deliveries
    where group_id = ${claim.groupId} and delivery_id = ${claim.deliveryId}
      and claim_id = ${claim.claimId} and state = 'running'
    for update
  `.execute(trx);
  if (rows.length === 0) throw new LeaseLost();
}

/** Reads the journal, or begins one: seed, start time, module and configuration are pinned by the first run. */
export async function loadJournal(
  db: Kysely<Database>,
  vault: Vault,
  claim: Claim,
  pin: { moduleSha256: string; pluginId: string; pluginVersion: string; configuration: Record<string, unknown> },
): Promise<StoredJournal> {
  const begun = await sql<{ seed: Uint8Array; started_at: Date }>`
    update deliveries
    set journal_seed = coalesce(journal_seed, ${randomBytes(32)}),
        journal_started_at = coalesce(journal_started_at, ${new Date()}::timestamptz),
        module_sha256 = coalesce(module_sha256, ${pin.moduleSha256}::text),
        plugin_id = coalesce(plugin_id, ${pin.pluginId}::text),
        plugin_version = coalesce(plugin_version, ${pin.pluginVersion}::text),
        configuration = coalesce(configuration, ${JSON.stringify(pin.configuration)}::jsonb)
    where group_id = ${claim.groupId} and delivery_id = ${claim.deliveryId}
      and claim_id = ${claim.claimId} and state = 'running'
    returning journal_seed as seed, journal_started_at as started_at
  `.execute(db);
  const row = begun.rows[0];
  if (row === undefined) throw new LeaseLost();
  return readJournal(db, vault, claim, { seed: row.seed, startedAt: row.started_at });
}

/** The journal as it is written down. @param began when and by which seed its first run did */
export async function readJournal(
  db: Kysely<Database>,
  vault: Vault,
  claim: Omit<Claim, 'claimId'>,
  began: { seed: Uint8Array; startedAt: Date },
): Promise<StoredJournal> {
  const asks = await readAsks(db, vault, claim);
  const batches = await db
    .selectFrom('journal_batches')
    .select(['number', 'at'])
    .where('group_id', '=', claim.groupId)
    .where('delivery_id', '=', claim.deliveryId)
    .orderBy('number')
    .execute();
  return {
    asks: asks.map(({ position: _, ...ask }) => ask),
    nextBatch: (batches.at(-1)?.number ?? -1) + 1,
    journal: {
      seed: Buffer.from(began.seed).toString('hex'),
      startedAt: began.startedAt.getTime(),
      asks: asks.map(({ kind, digest, blocking }) => ({ kind, digest, blocking })),
      batches: batches.map(({ number, at }) => ({
        at: at.getTime(),
        answers: asks
          .filter((ask) => ask.batch === number)
          .sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
          .map((ask) => [ask.number, ask.answer ?? { ok: null }]),
      })),
    },
  };
}

async function readAsks(
  db: Kysely<Database>,
  vault: Vault,
  claim: Omit<Claim, 'claimId'>,
): Promise<(StoredAsk & { position: number | null })[]> {
  const rows = await db
    .selectFrom('journal_asks')
    .selectAll()
    .where('group_id', '=', claim.groupId)
    .where('delivery_id', '=', claim.deliveryId)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({
    number: row.number,
    kind: row.kind,
    digest: row.digest,
    blocking: row.blocking,
    request: vault.open(row.request, journalContext(claim, row.number, 'request')).toString('utf8'),
    beforeBatch: row.before_batch,
    sendAttempt: row.send_attempt,
    sent: row.sent_at !== null,
    wakeAt: row.wake_at,
    answer:
      row.answer === null
        ? null
        : (JSON.parse(
            vault.open(row.answer, journalContext(claim, row.number, 'answer')).toString('utf8'),
          ) as AskAnswer),
    retryable: row.retryable,
    batch: row.batch,
    position: row.batch_position,
  }));
}

/** Records new asks; sleeps get the time at which they wake. */
export async function recordAsks(
  trx: Kysely<Database>,
  vault: Vault,
  claim: Claim & { attempts: number },
  asks: readonly (NewAsk & { wakeAt: Date | null; idempotencyKey: string | null; beforeBatch: number })[],
): Promise<void> {
  if (asks.length === 0) return;
  await trx
    .insertInto('journal_asks')
    .values(
      asks.map((ask) => ({
        group_id: claim.groupId,
        delivery_id: claim.deliveryId,
        number: ask.number,
        attempt: claim.attempts,
        kind: ask.kind,
        digest: ask.digest,
        blocking: ask.blocking,
        request: vault.seal(ask.request, journalContext(claim, ask.number, 'request')),
        idempotency_key: ask.idempotencyKey,
        repeatable: ask.kind === 'http' && isRepeatableRequest(ask.request),
        before_batch: ask.beforeBatch,
        wake_at: ask.wakeAt,
      })),
    )
    .execute();
}

/** Written ahead: from here on the request may have been carried out. */
export async function markSent(
  trx: Kysely<Database>,
  claim: Claim & { attempts: number },
  numbers: readonly number[],
): Promise<void> {
  if (numbers.length === 0) return;
  await trx
    .updateTable('journal_asks')
    .set({ sent_at: new Date(), attempt: claim.attempts })
    .where('group_id', '=', claim.groupId)
    .where('delivery_id', '=', claim.deliveryId)
    .where('number', 'in', [...numbers])
    .execute();
}

/**
 * Records answers.
 *
 * @param batch where they were handed over; null when no run took them (the next one does)
 */
export async function recordAnswers(
  trx: Kysely<Database>,
  vault: Vault,
  claim: Claim,
  answers: readonly Answered[],
  batch: { number: number; at: Date } | null,
): Promise<void> {
  if (batch !== null)
    await trx
      .insertInto('journal_batches')
      .values({ group_id: claim.groupId, delivery_id: claim.deliveryId, number: batch.number, at: batch.at })
      .execute();
  for (const [position, { number, answer, outcome }] of answers.entries())
    await trx
      .updateTable('journal_asks')
      .set({
        answered_at: new Date(),
        answer: vault.seal(JSON.stringify(answer), journalContext(claim, number, 'answer')),
        status: outcome?.status ?? null,
        code: outcome?.code ?? ('error' in answer ? answer.error.code : null),
        retryable: outcome?.retryable ?? false,
        duration_micros: outcome === undefined ? null : Math.round(outcome.durationMs * 1000),
        batch: batch?.number ?? null,
        batch_position: batch === null ? null : position,
      })
      .where('group_id', '=', claim.groupId)
      .where('delivery_id', '=', claim.deliveryId)
      .where('number', '=', number)
      .execute();
}

/** Hands over, as a batch, answers that were recorded when no run took them; what they were stays as it is. */
export async function placeAnswers(
  trx: Kysely<Database>,
  { groupId, deliveryId }: Claim,
  numbers: readonly number[],
  batch: { number: number; at: Date },
): Promise<void> {
  await trx
    .insertInto('journal_batches')
    .values({ group_id: groupId, delivery_id: deliveryId, number: batch.number, at: batch.at })
    .execute();
  await sql`
    update journal_asks a set batch = ${batch.number}::int, batch_position = (x.position - 1)::int
    from jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb) with ordinality as x(number, position)
    where a.group_id = ${groupId} and a.delivery_id = ${deliveryId} and a.number = x.number::int
  `.execute(trx);
}

/** Forgets the journal and what was pinned with it: the next run starts from nothing and repeats its side effects. */
export async function forgetJournal(trx: Kysely<Database>, claim: Omit<Claim, 'claimId'>): Promise<void> {
  for (const table of ['journal_asks', 'journal_batches'] as const)
    await trx
      .deleteFrom(table)
      .where('group_id', '=', claim.groupId)
      .where('delivery_id', '=', claim.deliveryId)
      .execute();
  await trx
    .updateTable('deliveries')
    .set({
      journal_seed: null,
      journal_started_at: null,
      module_sha256: null,
      configuration: null,
      cpu_micros: 0,
      emitted: false,
    })
    .where('group_id', '=', claim.groupId)
    .where('delivery_id', '=', claim.deliveryId)
    .execute();
}

/** True when the request may have been carried out and must not be sent again. */
export function outcomeIsUnknown(ask: StoredAsk): boolean {
  return ask.kind === 'http' && ask.sent && ask.answer === null && !isRepeatableRequest(ask.request);
}

/** What does not have the shape of a request is never sent. */
function isRepeatableRequest(request: string): boolean {
  const parsed = httpAskSchema.safeParse(JSON.parse(request));
  return parsed.success && isRepeatable(parsed.data);
}

export function journalContext(claim: Omit<Claim, 'claimId'>, ask: number, what: 'request' | 'answer'): string {
  return ['journal', claim.groupId, claim.deliveryId, ask, what].join('/');
}
