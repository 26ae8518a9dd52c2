import type { FastifyPluginAsync } from 'fastify';
import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import type { GroupId, IntegrationId, RequestId } from '@patchbay/plugin-sdk/contract/ids';
import type { RulesTried } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { randomBytes } from 'node:crypto';
import type { LiveHub } from '../live/live-hub.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Store } from '../store/open-store.ts';
import { createBatchWriter } from './batch-writer.ts';
import { readDoorIntegration } from './door-integration.ts';
import type { DoorAnswer, DoorRequest } from './door-request.ts';
import { doorRoutes } from './door-routes.ts';
import { createIntegrationCache } from './integration-cache.ts';
import { claimForReplay } from './pending-claims.ts';
import { createPendingCount } from './pending-count.ts';
import { startPendingWorker } from './pending-worker.ts';
import { createRateLimits } from './rate-limits.ts';
import { createReceiptClock, type ReceiptClock } from './receipt-clock.ts';
import { receive, type ReceiveDeps, type Trust } from './receive.ts';
import { createRefusalSample } from './refusal-sample.ts';
import { createReplayGuard } from './replay-guard.ts';
import { createRuleRunner, type RuleRunner } from './rules/rule-runner.ts';
import { tryRules, type TriedSubject } from './rules/try-rules.ts';
import { settle, settleByRun } from './settle.ts';
import type { FetchPinned } from './verification/pinned-keys.ts';
import { createVendorVerifiers } from './verification/vendor-verifiers.ts';

export interface IngestDeps {
  readonly store: Store;
  readonly vault: Vault;
  readonly sandbox: Sandbox;
  /** sha256 of the module that evaluates rules. */
  readonly rulesModule: string;
  readonly hub: LiveHub;
  /** Fetches a URL that was pinned to a vendor's hosts, without following redirects, bounded in bytes and time. */
  readonly fetchPinned: FetchPinned;
  /** Names the plugin that would serve a type, as the message of TYPE_NOT_INSTALLED shows it. */
  readonly findPluginForType: (type: string) => Promise<string | undefined>;
  /** Where the host is reached, without a slash at the end. */
  readonly publicUrl: string;
  readonly limitRate: boolean;
  readonly verifySignatures: boolean;
  readonly log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
  readonly now?: () => number;
  /** How much may wait to be stored; the platform's limit unless a test says less. */
  readonly queueBytes?: number;
}

export interface Ingest {
  /** The door's routes, to be registered without a prefix in a scope of their own. */
  readonly door: FastifyPluginAsync;
  /** The order of receipt, for what operators do. */
  readonly clock: ReceiptClock;
  /** Takes a request as the door does; `operator` when who asks has signed in and needs no key. */
  receive(request: DoorRequest, trust?: Trust): Promise<DoorAnswer>;
  /** Runs the plugin again on a pending, dead or invalid request. @returns false when there is none to run */
  replay(groupId: GroupId, requestId: RequestId): Promise<boolean>;
  /** Says what is wrong with rules, before they are kept. */
  checkRules: RuleRunner['check'];
  /** Shows what rules would do, and stores nothing. */
  tryRules(integrationId: IntegrationId, rules: readonly EventRule[], subject: TriedSubject): Promise<RulesTried>;
  /** Forgets what the door knows of one integration, or of all, here and on all other hosts. */
  invalidate(integrationId?: string): Promise<void>;
  /** Stops to try pending requests and waits for what is being stored. */
  close(): Promise<void>;
}

/** The channel on which hosts tell each other of changed integrations and installations; the payload is an id or ''. */
export const INTEGRATIONS_CHANNEL = 'integrations';

/** Puts the parts of ingest together. */
export async function createIngest(deps: IngestDeps): Promise<Ingest> {
  const { store, sandbox, hub, log } = deps;
  const { db } = store;
  const clock = createReceiptClock();
  const cache = createIntegrationCache((id) => readDoorIntegration(db, deps.vault, id));
  const pending = createPendingCount(db);
  const notify = coalesced((channel) => store.notify(channel));
  const writer = createBatchWriter({
    store,
    publicUrl: deps.publicUrl,
    concurrency: store.kind === 'pglite' ? 1 : 2,
    queueBytes: deps.queueBytes,
    log,
    onCommitted({ groups, changes, queued }) {
      if (queued > 0) notify('outbox');
      for (const groupId of groups) hub.publish(groupId, changes > 0 ? ['requests', 'incidents'] : ['requests']);
    },
  });
  const rules = createRuleRunner(sandbox, deps.rulesModule);
  const receiveDeps: ReceiveDeps = {
    cache,
    clock,
    sandbox,
    rules,
    writer,
    pending,
    integrationRates: createRateLimits(),
    failureRates: createRateLimits(),
    refusals: createRefusalSample(),
    replays: createReplayGuard((answer) => answer.status < 300),
    vendors: createVendorVerifiers(deps.fetchPinned),
    publicUrl: deps.publicUrl,
    fetchPinned: deps.fetchPinned,
    limitRate: deps.limitRate,
    verifySignatures: deps.verifySignatures,
    findPluginForType: deps.findPluginForType,
    async settleLate(request, claimId, plugin, outcome) {
      const integration = await cache.find(request.integrationId);
      if (integration !== undefined)
        await settle(writer, integration, { ...request, attempts: 0 }, claimId, plugin, outcome);
    },
    log,
    now: deps.now ?? Date.now,
  };
  const stopListening = await store.listen(INTEGRATIONS_CHANNEL, (id) => cache.invalidate(id));
  const worker = startPendingWorker({ db, cache, sandbox, rules, writer, pending, log });
  const take = (request: DoorRequest, trust?: Trust): Promise<DoorAnswer> => receive(receiveDeps, request, trust);

  return {
    door: doorRoutes(take),
    clock,
    receive: take,
    async replay(groupId, requestId) {
      const claimId = randomBytes(12).toString('hex');
      const claimed = await claimForReplay(db, claimId, groupId, requestId);
      if (claimed === undefined) return false;
      cache.invalidate(claimed.integrationId);
      await settleByRun({ writer, sandbox, rules }, await cache.find(claimed.integrationId), claimed, claimId);
      return true;
    },
    checkRules: rules.check,
    tryRules: (integrationId, list, subject) => tryRules({ db, cache, sandbox, rules }, integrationId, list, subject),
    async invalidate(integrationId) {
      cache.invalidate(integrationId);
      await store.notify(INTEGRATIONS_CHANNEL, integrationId ?? '').catch((error: unknown) => {
        log.warn({ err: error }, 'other hosts were not told of a changed integration; they see it within seconds');
      });
    },
    async close() {
      await stopListening();
      await worker.close();
      await writer.drain();
    },
  };
}

/** One wake-up call at a time for each channel: the last is sent when the one before is through. */
function coalesced(send: (channel: string) => Promise<void>): (channel: string) => void {
  const states = new Map<string, 'sending' | 'again'>();
  return function notify(channel) {
    if (states.has(channel)) {
      states.set(channel, 'again');
      return;
    }
    states.set(channel, 'sending');
    send(channel)
      // Who listens also polls.
      .catch(() => undefined)
      .finally(() => {
        const again = states.get(channel) === 'again';
        states.delete(channel);
        if (again) notify(channel);
      });
  };
}
