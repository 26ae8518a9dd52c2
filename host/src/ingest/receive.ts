import { randomBytes } from 'node:crypto';
import { newId, isId } from '@patchbay/plugin-sdk/contract/ids';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import { ApiError } from '../api/api-error.ts';
import { timeOfOrder, type KeyedEvent } from '../incidents/keyed-event.ts';
import { isDatabaseGone } from '../store/database-errors.ts';
import { boundedText, storableJson, storableText } from '../store/storable.ts';
import { QueueFullError, type BatchWriter } from './batch-writer.ts';
import { proveSender, type Proven } from './credentials.ts';
import { startPatience } from './patience.ts';
import { decodeContent } from './content-encoding.ts';
import type { DoorIntegration, DoorPlugin } from './door-integration.ts';
import { accepted, acceptedPending, answerError, answerOf, databaseUnavailable, pendingFull } from './door-answers.ts';
import { headerOf, queryText, type DoorAnswer, type DoorRequest } from './door-request.ts';
import { performHandshake } from './handshake.ts';
import type { IntegrationCache } from './integration-cache.ts';
import { eventsOf } from './outcome-events.ts';
import type { PendingCount } from './pending-count.ts';
import { plainHeaders, plainQuery } from './plugin-input.ts';
import type { PluginOutcome } from './plugin-call.ts';
import { FAILURES_PER_MINUTE, type RateLimits } from './rate-limits.ts';
import type { ReceiptClock } from './receipt-clock.ts';
import type { RefusalSample } from './refusal-sample.ts';
import type { ReplayGuard } from './replay-guard.ts';
import type { RequestRow, RequestVerdict } from './request-row.ts';
import { deliveryName } from './seen-deliveries.ts';
import { ingestByRules, type IngestByRulesDeps } from './rules/ingest-by-rules.ts';
import type { FetchPinned } from './verification/pinned-keys.ts';
import type { VendorVerifiers } from './verification/vendor-verifiers.ts';
import type { Origin } from './write-entry.ts';
import { ignoredVerdict, lateVerdict, refusedVerdict, verdictOf, withOwnStatus } from './verdicts.ts';

/**
 * What happens to a request at `/api/integrations/{type}?integrationId=ID`, in this order:
 *
 *   size, content type                                    413 BODY_TOO_LARGE, 415 UNSUPPORTED_MEDIA_TYPE
 *   find the integration                                  404 INTEGRATION_NOT_FOUND
 *   state of it and of its plugin                         403 INTEGRATION_DISABLED, 409 TYPE_NOT_INSTALLED
 *   sender's address on no deny list, on the allow list   403 IP_NOT_ALLOWED
 *     what the vendor publishes was never read            503 ADDRESSES_UNKNOWN
 *   content encoding, bounded                             413 BODY_TOO_LARGE, 415, 400 BODY_INVALID
 *   key or signature                                      401 KEY_INVALID, SIGNATURE_INVALID, SIGNATURE_MISSING
 *   rate and burst of the integration                     429 RATE_LIMITED
 *   a delivery that was taken before, by its signature    answered as the first was, and not recorded
 *   a handshake of a declared kind                        done by the host, recorded as ignored
 *   the operator's own schema                             400 PAYLOAD_INVALID with the paths; recorded
 *   the plugin, and the integration's rules over its events, within the sync budget
 *     events, or ignored with a reason                    202, or the answer that the plugin gives, or the operator's
 *     invalid                                             400 PAYLOAD_INVALID with the paths; recorded
 *     failed, or too slow                                 202; the raw request is pending and tried again
 *   one batched transaction                               503 DATABASE_UNAVAILABLE when there is no database
 *
 * An answer of 2xx means that the request is in the database. A refusal counts against the sender's address; one of
 * who has shown no key or signature never against the integration, nor its health: beyond the limit of failures an address gets 429 for what would have been refused anyway,
 * and what carries the right key passes.
 */
export interface ReceiveDeps extends IngestByRulesDeps {
  readonly cache: IntegrationCache;
  readonly clock: ReceiptClock;
  readonly writer: BatchWriter;
  readonly pending: PendingCount;
  readonly integrationRates: RateLimits;
  readonly failureRates: RateLimits;
  readonly refusals: RefusalSample;
  readonly replays: ReplayGuard<DoorAnswer>;
  readonly vendors: VendorVerifiers;
  /** Where senders reach the host, without a slash at the end. */
  readonly publicUrl: string;
  readonly fetchPinned: FetchPinned;
  readonly limitRate: boolean;
  readonly verifySignatures: boolean;
  /** Says how to install a plugin for a type, or undefined when none is known. */
  readonly findPluginForType: (type: string) => Promise<string | undefined>;
  /** Goes on with a run that was too slow for its sender. */
  readonly settleLate: (
    request: RequestRow,
    claimId: string,
    plugin: DoorPlugin,
    outcome: PluginOutcome,
  ) => Promise<void>;
  readonly log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
  readonly now: () => number;
}

/** Who has already been asked for key or signature, so that the door need not. */
export type Trust = 'check' | 'operator';

const LATE_CLAIM_MS = 10_000;
const ADDRESSES_UNKNOWN_SECONDS = 300;

interface Visit {
  /** A stranger until it has shown that it is more. */
  readonly from: Origin;
  readonly request: DoorRequest;
  readonly integration: DoorIntegration;
  readonly order: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly startedAt: number;
}

/** Takes a request through all steps. Throws only bugs and what the database throws when it is gone. */
export async function receive(deps: ReceiveDeps, request: DoorRequest, trust: Trust = 'check'): Promise<DoorAnswer> {
  const startedAt = performance.now();
  const order = deps.clock.next();
  const now = deps.now();
  const found = await findIntegration(deps, request);
  if (found instanceof ApiError) return refuseUnknown(deps, request, found, now);
  let visit: Visit = { from: 'stranger', request, integration: found, order, now, startedAt };

  const { plugin } = found;
  const state = await checkState(deps, found);
  if (state !== null || plugin === null) return refuse(deps, visit, state ?? new ApiError('TYPE_NOT_INSTALLED'));
  const address = trust === 'check' ? found.judgeAddress(request.address) : 'allowed';
  if (address !== 'allowed') return refuse(deps, visit, addressRefusal(address));
  const unpacked = await unpack(request);
  if (unpacked instanceof ApiError) return refuse(deps, visit, unpacked);
  visit = { ...visit, request: unpacked };
  const proven = trust === 'operator' ? { replay: null, signed: false } : await prove(deps, visit, plugin);
  if (proven instanceof ApiError) return refuse(deps, visit, proven);
  visit = { ...visit, from: trust === 'operator' ? 'operator' : 'sender' };
  if (deps.limitRate && trust === 'check') {
    const wait = deps.integrationRates.take(found.integrationId, found.ratePerMinute, now, found.burst);
    if (wait > 0)
      return refuse(deps, visit, new ApiError('RATE_LIMITED', rateWords(found), { retryAfterSeconds: wait }));
  }
  if (proven.replay === null) return understand(deps, visit, plugin, proven, null);
  const name = deliveryName(proven.replay.id);
  const lasting = proven.replay.brief === true ? null : name;
  const answer = (): Promise<DoorAnswer> => understand(deps, visit, plugin, proven, lasting);
  return deps.replays.once(`${found.integrationId} ${name}`, now, answer);
}

function addressRefusal(verdict: 'refused' | 'unknown'): ApiError {
  return verdict === 'refused'
    ? new ApiError('IP_NOT_ALLOWED')
    : new ApiError('ADDRESSES_UNKNOWN', undefined, { retryAfterSeconds: ADDRESSES_UNKNOWN_SECONDS });
}

function rateWords({ ratePerMinute, burst }: DoorIntegration): string {
  const rate = `More than ${ratePerMinute} requests a minute`;
  return burst === ratePerMinute ? `${rate}.` : `${rate}, or ${burst} at once.`;
}

async function findIntegration(deps: ReceiveDeps, request: DoorRequest): Promise<DoorIntegration | ApiError> {
  const id = queryText(request.query, 'integrationId');
  if (id === undefined) return new ApiError('INTEGRATION_NOT_FOUND', 'The URL has no integrationId parameter.');
  if (!isId('integration', id)) return new ApiError('INTEGRATION_NOT_FOUND');
  const cached = deps.cache.find(id);
  const integration = cached instanceof Promise ? await cached : cached;
  if (integration === undefined || integration.type !== request.type) return new ApiError('INTEGRATION_NOT_FOUND');
  return integration;
}

async function checkState(deps: ReceiveDeps, integration: DoorIntegration): Promise<ApiError | null> {
  if (!integration.enabled) return new ApiError('INTEGRATION_DISABLED');
  if (integration.plugin !== null) return null;
  const how = await deps.findPluginForType(integration.type);
  return new ApiError(
    'TYPE_NOT_INSTALLED',
    how === undefined
      ? `No installed plugin provides the type "${integration.type}".`
      : `No installed plugin provides the type "${integration.type}". Install ${how} from the marketplace, or enable it.`,
  );
}

/** Takes the content encoding off; what is stored and what the plugin gets has none. */
async function unpack(request: DoorRequest): Promise<DoorRequest | ApiError> {
  const body = await decodeContent(request.body, headerOf(request, 'content-encoding'));
  if (body === null || body instanceof ApiError) return body ?? request;
  const { 'content-encoding': _encoding, 'content-length': _length, ...headers } = request.headers;
  return { ...request, headers, body, packedBody: request.body };
}

function prove(deps: ReceiveDeps, visit: Visit, plugin: DoorPlugin): Promise<Proven | ApiError> {
  const { integration, request, now } = visit;
  const { headers, body, packedBody, query } = request;
  const { settings } = integration;
  const signed = { headers, body, packedBody, query, settings, receivedAt: now, url: deps.publicUrl + request.url };
  return proveSender(integration, plugin.schemes, signed, deps.verifySignatures ? deps.vendors : null);
}

/** @param name of the delivery, when its signature gives it one for good */
async function understand(
  deps: ReceiveDeps,
  visit: Visit,
  plugin: DoorPlugin,
  proven: Proven,
  name: string | null,
): Promise<DoorAnswer> {
  const { integration } = visit;
  const request = rowOf(visit, plugin);
  if (plugin.handshake === 'sns-subscription') {
    const handshake = await performHandshake(integration, visit.request.body, proven.signed, deps.fetchPinned);
    if (handshake !== null) {
      const answer = handshake.done
        ? accepted(request, 200, 0)
        : answerError(new ApiError('HANDSHAKE_FAILED', handshake.reason), request.requestId);
      const verdict = ignoredVerdict(answer.status, handshake.reason, elapsed(visit));
      return (await store(deps, visit, request, verdict, [], name, answer)).answer;
    }
  }
  const input = { ...request, receivedAt: timeOfOrder(visit.order), configuration: integration.configuration };
  const needsAnswer = plugin.handshake === 'plugin-answer';
  const budgetMs = needsAnswer ? sandboxLimits.answerBudgetMs : sandboxLimits.syncBudgetMs;
  const patience = startPatience(needsAnswer ? budgetMs : sandboxLimits.dispatchBudgetMs);
  const run = ingestByRules(deps, integration, plugin, input, visit.now, () => patience.shorten(budgetMs));
  const outcome = await patience.await(run);
  if (outcome === 'late') return goOnLater(deps, visit, plugin, request, run, name);

  const events = eventsOf(integration, request, outcome);
  const judged = verdictOf(events.outcome, 1, plugin.acceptInvalid, elapsed(visit), visit.now);
  const verdict = withOwnStatus(judged, events.outcome, integration.response);
  if (verdict.state === 'pending' && deps.pending.isFull(integration.groupId)) return pendingFull();
  const answer = answerOf(request, verdict, events.outcome, events.list.length, integration.response);
  const stored = await store(deps, visit, request, verdict, events.list, name, answer);
  if (stored.isNew && verdict.state === 'pending') deps.pending.add(integration.groupId);
  return stored.answer;
}

/** The sender is answered now; the run goes on, and counts if nobody else has taken the request over by then. */
async function goOnLater(
  deps: ReceiveDeps,
  visit: Visit,
  plugin: DoorPlugin,
  request: RequestRow,
  run: Promise<PluginOutcome>,
  name: string | null,
): Promise<DoorAnswer> {
  const { groupId, response } = visit.integration;
  if (deps.pending.isFull(groupId)) return pendingFull();
  const claim = { id: randomBytes(12).toString('hex'), until: visit.now + LATE_CLAIM_MS };
  const verdict = lateVerdict(claim, response, elapsed(visit));
  const stored = await store(deps, visit, request, verdict, [], name, acceptedPending(request, response));
  if (!stored.isNew) return stored.answer;
  deps.pending.add(groupId);
  run
    .then((outcome) => deps.settleLate(request, claim.id, plugin, outcome))
    .catch((error: unknown) =>
      deps.log.warn({ err: error, request: request.requestId }, 'a late result was not stored'),
    );
  return stored.answer;
}

/**
 * @param name of the delivery; one that is not answered 2xx may come again, and is not noted
 * @returns the answer that holds: another than the given one when it could not be stored, or repeats a delivery
 */
async function store(
  deps: ReceiveDeps,
  { from }: Visit,
  request: RequestRow,
  verdict: RequestVerdict,
  events: readonly KeyedEvent[],
  name: string | null,
  answer: DoorAnswer,
): Promise<{ isNew: boolean; answer: DoorAnswer }> {
  const delivery = name === null || answer.status >= 300 ? null : { name, answer };
  try {
    const written = await deps.writer.write({ kind: 'receive', from, request, verdict, events, delivery });
    return typeof written === 'string' ? { isNew: true, answer } : { isNew: false, answer: written.repeated };
  } catch (error) {
    if (error instanceof QueueFullError || isDatabaseGone(error))
      return { isNew: false, answer: answerError(databaseUnavailable(error), null) };
    throw error;
  }
}

/** Answers a refusal, counts it against the sender's address, and records it while there are few. */
function refuse(deps: ReceiveDeps, visit: Visit, error: ApiError): DoorAnswer {
  const { integration, from, now } = visit;
  const refusal = error.code === 'RATE_LIMITED' ? error : (tooManyFailures(deps, visit.request, now) ?? error);
  if (!deps.refusals.take(integration.integrationId, refusal.code, now)) {
    deps.writer.countRefused(from, integration.groupId, integration.integrationId, now);
    return answerError(refusal, null);
  }
  // Who is refused may send anything: what is kept of it is bounded, and its body is not kept.
  const request = { ...rowOf(visit, integration.plugin), body: Buffer.alloc(0) };
  const verdict = refusedVerdict(refusal.status, refusal.code, refusal.message, elapsed(visit));
  deps.writer
    .write({ kind: 'receive', from, request, verdict, events: [], delivery: null })
    .catch((cause: unknown) => deps.log.warn({ err: cause }, 'a refused request was not recorded'));
  return answerError(refusal, request.requestId);
}

function refuseUnknown(deps: ReceiveDeps, request: DoorRequest, error: ApiError, now: number): DoorAnswer {
  return answerError(tooManyFailures(deps, request, now) ?? error, null);
}

function tooManyFailures(deps: ReceiveDeps, request: DoorRequest, now: number): ApiError | null {
  if (!deps.limitRate) return null;
  const wait = deps.failureRates.take(request.address, FAILURES_PER_MINUTE, now);
  return wait === 0
    ? null
    : new ApiError('RATE_LIMITED', 'Too many refused requests from this address.', { retryAfterSeconds: wait });
}

const CONTENT_TYPE_CHARS = 255;

function rowOf(visit: Visit, plugin: DoorPlugin | null): RequestRow {
  const { request, integration, order } = visit;
  return {
    groupId: integration.groupId,
    requestId: newId('request', Math.floor(order / 1000)),
    integrationId: integration.integrationId,
    order,
    method: request.method,
    headers: storableJson(plainHeaders(request.headers, plugin)),
    query: storableJson(plainQuery(request.query, plugin)),
    contentType: boundedText(headerOf(request, 'content-type') ?? '', CONTENT_TYPE_CHARS),
    body: request.body,
    remoteAddress: storableText(request.address),
    pluginId: plugin?.pluginId ?? null,
    pluginVersion: plugin?.version ?? null,
  };
}

function elapsed(visit: Visit): number {
  return (performance.now() - visit.startedAt) * 1000;
}
