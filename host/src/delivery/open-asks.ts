import { httpAskSchema, storeAskSchema, type AskAnswer } from '@patchbay/plugin-sdk/contract/journal';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import type { NewAsk } from '@patchbay/plugin-sdk/contract/run';
import type { Kysely } from 'kysely';
import { createTokenKeeper } from '../effects/credentials/token-keeper.ts';
import { performHttp, type HttpOutcome } from '../effects/perform-http.ts';
import { performStore } from '../effects/plugin-store.ts';
import { sleepRefusal } from '../effects/sleep-permission.ts';
import type { Egress } from '../egress/egress.ts';
import type { CallErrors } from '../runs/call-errors.ts';
import { readSecrets } from '../secrets/secret-store.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';
import type { CallJournal } from './call-journal.ts';
import type { ClaimedDelivery } from './claim.ts';
import { readEmit, type EmitWorld } from './emitted-events.ts';
import { markSent, outcomeIsUnknown, type Answered, type StoredAsk } from './journal-store.ts';
import type { Lease } from './lease.ts';

/** What a connector runs against. */
export interface ConnectorWorld extends EmitWorld {
  db: Kysely<Database>;
  vault: Vault;
  egress: Egress;
  callErrors: CallErrors;
}

export interface ConnectorPlugin {
  manifest: Manifest;
  moduleSha256: string;
  configuration: Record<string, unknown>;
}

/** A sleep shorter than this is waited for in place. */
const SLEEP_IN_PLACE_MS = 2_000;

/**
 * Performs what a call has asked for and gathers the answers.
 *
 *   begin    in one transaction under the claim: record new asks, perform store operations with their answers,
 *            answer requests whose outcome is unknown, write "sent" for the others; then send them
 *   gather   wait for the first answer or the first sleep to end, take what else has come, record it as a batch
 *   settle   wait for everything under way; the answers are kept for a later run
 */
export class OpenAsks {
  readonly #world: ConnectorWorld;
  readonly #claim: ClaimedDelivery;
  readonly #plugin: ConnectorPlugin;
  readonly #lease: Lease;
  readonly #journal: CallJournal;
  /** Requests that were sent and are not answered yet, by ask number. */
  readonly #underWay = new Map<number, Promise<Answered>>();

  constructor(
    world: ConnectorWorld,
    claim: ClaimedDelivery,
    plugin: ConnectorPlugin,
    lease: Lease,
    journal: CallJournal,
  ) {
    this.#world = world;
    this.#claim = claim;
    this.#plugin = plugin;
    this.#lease = lease;
    this.#journal = journal;
  }

  /** @returns true when something was answered at once, so that the plugin can go on */
  async begin(asks: readonly NewAsk[]): Promise<boolean> {
    const added = this.#journal.add(asks);
    const overBudget = this.#journal.overBudget();
    const open = this.#journal.asks.filter((ask) => ask.answer === null && !this.#underWay.has(ask.number));
    const toSend = overBudget === null ? open.filter((ask) => ask.kind === 'http' && !outcomeIsUnknown(ask)) : [];
    const at = new Date();
    const answered = await this.#journal.write(async (trx) => {
      await this.#journal.recordNew(trx, added);
      const now: Answered[] = [];
      for (const ask of open) {
        const answer = overBudget ?? (await this.#answerAtOnce(trx, ask));
        if (answer !== null) now.push({ number: ask.number, answer });
      }
      await markSent(
        trx,
        this.#claim,
        toSend.map(({ number }) => number),
      );
      if (now.length > 0) await this.#journal.recordBatch(trx, now, at);
      return now;
    });
    for (const ask of toSend) this.#send(ask);
    if (answered.length > 0) this.#journal.handOver(answered, at);
    return answered.length > 0;
  }

  /** @returns null once something was answered; the time to wake up at when only long sleeps are open */
  async gather(): Promise<Date | null> {
    for (;;) {
      const sleeps = this.#journal.asks.filter((ask) => ask.kind === 'schedule' && ask.answer === null);
      const wakeAt = sleeps.reduce((least, ask) => Math.min(least, ask.wakeAt?.getTime() ?? Infinity), Infinity);
      const restMs = wakeAt - Date.now();
      if (this.#underWay.size === 0 && restMs > SLEEP_IN_PLACE_MS) return new Date(wakeAt);
      const timer = Number.isFinite(restMs) ? timeout(Math.max(0, restMs)) : null;
      await Promise.race([...this.#underWay.values(), ...(timer === null ? [] : [timer.ended])]);
      timer?.cancel();
      const answered = await this.#takeArrived();
      for (const { number, wakeAt: end } of sleeps)
        if ((end?.getTime() ?? Infinity) <= Date.now()) answered.push({ number, answer: { ok: null } });
      if (answered.length === 0) continue;
      this.#lease.check();
      const at = new Date();
      await this.#journal.write((trx) => this.#journal.recordBatch(trx, answered, at));
      this.#journal.handOver(answered, at);
      return null;
    }
  }

  /** So that their answers stand in the journal and nothing goes twice. */
  async settle(): Promise<void> {
    if (this.#underWay.size === 0) return;
    const answered = await Promise.all(this.#underWay.values());
    this.#underWay.clear();
    await this.#journal.keepForLater(answered);
  }

  async #answerAtOnce(trx: Kysely<Database>, ask: StoredAsk): Promise<AskAnswer | null> {
    switch (ask.kind) {
      case 'http':
        return outcomeIsUnknown(ask) ? unknownOutcome : null;
      case 'store':
        return this.#store(trx, ask);
      case 'emit':
        return this.#emit(ask);
      case 'schedule':
        return sleepRefusal(this.#plugin.manifest.permissions, ask.request);
    }
  }

  /** Nothing is stored yet: events count from the run that ends the call. */
  #emit(ask: StoredAsk): AskAnswer {
    const before = this.#journal.asks.filter(({ kind, number }) => kind === 'emit' && number < ask.number).length;
    const read = readEmit(this.#plugin.manifest, this.#claim, before + 1, ask.request);
    return read.ok ? { ok: null } : read.answer;
  }

  async #takeArrived(): Promise<Answered[]> {
    // One turn of the loop: answers that came in together are handed over together.
    await new Promise((resolve) => setImmediate(resolve));
    const arrived: Answered[] = [];
    for (const [number, promise] of this.#underWay) {
      const answered = await Promise.race([promise, Promise.resolve(null)]);
      if (answered === null) continue;
      this.#underWay.delete(number);
      arrived.push(answered);
    }
    return arrived;
  }

  #send(ask: StoredAsk): void {
    this.#lease.check();
    ask.sent = true;
    const parsed = httpAskSchema.safeParse(JSON.parse(ask.request));
    const outcome = parsed.success
      ? performHttp(this.#world.egress, this.#httpContext(ask), parsed.data)
      : Promise.resolve(malformed);
    this.#underWay.set(
      ask.number,
      outcome.then((result) => ({ number: ask.number, answer: result.answer, outcome: result })),
    );
  }

  #httpContext(ask: StoredAsk) {
    const { groupId, destination } = this.#claim;
    const owner = {
      groupId,
      environment: destination.environment,
      ownerKind: 'installation' as const,
      ownerId: destination.installationId ?? '',
    };
    return {
      manifest: this.#plugin.manifest,
      configuration: this.#plugin.configuration,
      idempotencyKey: this.#journal.idempotencyKey(ask.number, ask.sendAttempt),
      readSecret: async (name: string) => {
        const secrets = await readSecrets(this.#world.db, this.#world.vault, { ...owner, name });
        return secrets[0]?.value ?? null;
      },
      tokens: createTokenKeeper(this.#world.db, this.#world.vault, owner),
    };
  }

  async #store(trx: Kysely<Database>, ask: StoredAsk): Promise<AskAnswer> {
    const parsed = storeAskSchema.safeParse(JSON.parse(ask.request));
    const bytes = this.#plugin.manifest.permissions.store?.bytes;
    const { installationId } = this.#claim.destination;
    if (!parsed.success || bytes === undefined || installationId === null) return malformed.answer;
    return performStore(trx, { groupId: this.#claim.groupId, installationId, bytes }, parsed.data);
  }
}

const unknownOutcome: AskAnswer = {
  error: {
    code: 'OUTCOME_UNKNOWN',
    message: 'The request was sent and its answer was lost; it may have been carried out',
  },
};

const malformed: HttpOutcome = {
  answer: { error: { code: 'REQUEST_REFUSED', message: 'The request does not have the expected shape' } },
  status: null,
  code: 'REQUEST_REFUSED',
  retryable: false,
  retryAfterMs: null,
  durationMs: 0,
};

function timeout(ms: number): { ended: Promise<void>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return { ended, cancel: () => clearTimeout(timer) };
}
