import type { ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import type { AskAnswer, HttpAsk, Journal } from '@patchbay/plugin-sdk/contract/journal';
import { sleepAskSchema } from '@patchbay/plugin-sdk/contract/journal';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { NewAsk } from '@patchbay/plugin-sdk/contract/run';
import type { Kysely } from 'kysely';
import type { CallErrors } from '../runs/call-errors.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';
import { transact } from '../store/transact.ts';
import type { ClaimedDelivery } from './claim.ts';
import {
  forgetJournal,
  holdClaim,
  placeAnswers,
  recordAnswers,
  recordAsks,
  type Answered,
  type StoredAsk,
  type StoredJournal,
} from './journal-store.ts';
import { lastRounds } from './last-round.ts';
import { withdrawAnswers } from './withdraw-answers.ts';

/** What the last round said about one request: enough to judge a failure by. */
export interface LastAnswer {
  ask: number;
  status: number | null;
  retryAfterMs: number | null;
  /** A secret was attached. */
  credential: boolean;
}

/**
 * The journal of a call that is being carried out: the rows in the database and the copy in memory that the sandbox
 * replays, changed together and only under the claim.
 */
export class CallJournal {
  readonly #db: Kysely<Database>;
  readonly #vault: Vault;
  readonly #callErrors: CallErrors;
  readonly #claim: ClaimedDelivery;
  readonly #stored: StoredJournal;

  constructor(
    { db, vault, callErrors }: { db: Kysely<Database>; vault: Vault; callErrors: CallErrors },
    claim: ClaimedDelivery,
    stored: StoredJournal,
  ) {
    this.#db = db;
    this.#vault = vault;
    this.#callErrors = callErrors;
    this.#claim = claim;
    this.#stored = stored;
  }

  get replayed(): Journal {
    return this.#stored.journal;
  }

  get asks(): readonly StoredAsk[] {
    return this.#stored.asks;
  }

  /** A write under the claim. @throws LeaseLost */
  write<T>(act: (trx: Kysely<Database>) => Promise<T>): Promise<T> {
    return transact(this.#db, async (trx) => {
      await holdClaim(trx, this.#claim);
      return act(trx);
    });
  }

  /** Takes new asks into memory; `recordNew` writes them. */
  add(asks: readonly NewAsk[]): StoredAsk[] {
    const added = asks.map((ask): StoredAsk => ({
      number: ask.number,
      kind: ask.kind,
      digest: ask.digest,
      blocking: ask.blocking,
      request: ask.request,
      beforeBatch: this.#stored.nextBatch,
      sendAttempt: 0,
      sent: false,
      wakeAt: ask.kind === 'schedule' ? wakeTime(ask.request) : null,
      answer: null,
      retryable: false,
      batch: null,
    }));
    this.#stored.asks.push(...added);
    this.#stored.journal.asks.push(...added.map(({ kind, digest, blocking }) => ({ kind, digest, blocking })));
    return added;
  }

  recordNew(trx: Kysely<Database>, asks: readonly StoredAsk[]): Promise<void> {
    const rows = asks.map((ask) => ({
      ...ask,
      beforeBatch: this.#stored.nextBatch,
      idempotencyKey: ask.kind === 'http' ? this.idempotencyKey(ask.number, 0) : null,
    }));
    return recordAsks(trx, this.#vault, this.#claim, rows);
  }

  /** The time of a batch is chosen once: the plugin's clock must read the same on every replay. */
  recordBatch(trx: Kysely<Database>, answered: readonly Answered[], at: Date): Promise<void> {
    return recordAnswers(trx, this.#vault, this.#claim, answered, { number: this.#stored.nextBatch, at });
  }

  /** After `recordBatch` was committed: the next run gets the answers. */
  handOver(answered: readonly Answered[], at: Date): void {
    const batch = this.#stored.nextBatch++;
    const answers = answered.map(({ number, answer }): [number, AskAnswer] => [number, answer]);
    this.#stored.journal.batches.push({ at: at.getTime(), answers });
    const { groupId, destination } = this.#claim;
    for (const { number, answer, outcome } of answered) {
      if ('error' in answer) this.#callErrors.count(groupId, destination.installationId, answer.error.code);
      const ask = this.#stored.asks[number];
      if (ask === undefined) continue;
      ask.answer = answer;
      ask.batch = batch;
      ask.retryable = outcome?.retryable ?? ask.retryable;
    }
  }

  /** Answers that came in after an earlier attempt had ended are the first thing that this one hands over. */
  async handOverLeftAnswers(): Promise<void> {
    const answered = this.#stored.asks.flatMap(({ number, answer, batch }) =>
      answer !== null && batch === null ? [{ number, answer }] : [],
    );
    if (answered.length === 0) return;
    const at = new Date();
    const numbers = answered.map(({ number }) => number);
    await this.write((trx) => placeAnswers(trx, this.#claim, numbers, { number: this.#stored.nextBatch, at }));
    this.handOver(answered, at);
  }

  /** Answers that no run of this attempt takes any more. */
  async keepForLater(answered: readonly Answered[]): Promise<void> {
    await this.write((trx) => recordAnswers(trx, this.#vault, this.#claim, answered, null));
  }

  /** @param asks numbers of those whose answers are taken back although they are not retryable by themselves */
  withdraw(asks: readonly number[]): Promise<number> {
    return this.write((trx) => withdrawAnswers(trx, this.#claim, { by: 'named', asks }));
  }

  /** With no answer left there is nothing to be true to: the next attempt takes the configuration as it is then. */
  async beginAnewIfNothingStands(): Promise<void> {
    await this.write(async (trx) => {
      const standing = await trx
        .selectFrom('journal_batches')
        .select('number')
        .where('group_id', '=', this.#claim.groupId)
        .where('delivery_id', '=', this.#claim.deliveryId)
        .limit(1)
        .executeTakeFirst();
      if (standing === undefined) await forgetJournal(trx, this.#claim);
    });
  }

  lastAnswers(): LastAnswer[] {
    for (const { answered } of lastRounds(this.#stored.asks)) {
      const requests = answered.filter(({ kind }) => kind === 'http');
      if (requests.length > 0) return requests.map(toLastAnswer);
    }
    return [];
  }

  /** The answer to every further ask once a budget of the call is used up, else null. */
  overBudget(): AskAnswer | null {
    const requests = this.#stored.asks.filter(({ kind }) => kind === 'http').length;
    if (requests > sandboxLimits.requestsPerCall)
      return budget('REQUESTS_EXCEEDED', `A call makes at most ${sandboxLimits.requestsPerCall} requests`);
    const bytes = this.#stored.asks.reduce(
      (sum, { request, answer }) => sum + request.length + (answer === null ? 0 : JSON.stringify(answer).length),
      0,
    );
    return bytes > sandboxLimits.journalBytes
      ? budget('JOURNAL_TOO_LARGE', `The journal of a call holds at most ${sandboxLimits.journalBytes} bytes`)
      : null;
  }

  /** Delivery, call, ask, attempt; the attempt rises only after a definite answer. */
  idempotencyKey(ask: number, sendAttempt: number): string {
    return `${this.#claim.deliveryId}-${this.#stored.journal.seed.slice(0, 8)}-${ask}-${sendAttempt}`;
  }
}

function toLastAnswer({ number, answer, request }: StoredAsk): LastAnswer {
  const shown =
    answer !== null && 'ok' in answer
      ? (answer.ok as { status?: number; headers?: Record<string, string> } | null)
      : null;
  const seconds = Number(shown?.headers?.['retry-after'] ?? Number.NaN);
  return {
    ask: number,
    // Who gives no token for the secret refuses it as the target itself would.
    status:
      shown?.status ?? (answer !== null && 'error' in answer && answer.error.code === 'TOKEN_REFUSED' ? 401 : null),
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
    credential: (JSON.parse(request) as HttpAsk).credential !== null,
  };
}

function wakeTime(request: string): Date {
  const parsed = sleepAskSchema.safeParse(JSON.parse(request));
  return new Date(Date.now() + (parsed.success ? parsed.data.ms : 0));
}

function budget(code: ErrorCode, message: string): AskAnswer {
  return { error: { code, message } };
}
