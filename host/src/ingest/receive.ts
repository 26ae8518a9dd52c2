import { isId } from '@patchbay/plugin-sdk/contract/ids';
import { ApiError } from '../api/api-error.ts';
import { proveSender, type Proven } from './credentials.ts';
import { decodeContent } from './content-encoding.ts';
import type { DoorIntegration, DoorPlugin } from './door-integration.ts';
import { answerError } from './door-answers.ts';
import { headerOf, queryText, type DoorAnswer, type DoorRequest } from './door-request.ts';
import type { IntegrationCache } from './integration-cache.ts';
import { FAILURES_PER_MINUTE, type RateLimits } from './rate-limits.ts';
import type { ReceiptClock } from './receipt-clock.ts';
import type { RefusalSample } from './refusal-sample.ts';
import type { ReplayGuard } from './replay-guard.ts';
import { deliveryName } from './seen-deliveries.ts';
import { understand, type UnderstandDeps } from './understand.ts';
import { refusedVerdict } from './verdicts.ts';
import type { VendorVerifiers } from './verification/vendor-verifiers.ts';
import { elapsed, rowOf, type Visit } from './visit.ts';

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
 *     the vendor's key could not be fetched               503 SIGNATURE_UNCHECKED
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
 * who has shown no key or signature never against the integration, nor its health: beyond the limit of failures an
 * address gets 429 for what would have been refused anyway, and what carries the right key passes.
 */
export interface ReceiveDeps extends UnderstandDeps {
  readonly cache: IntegrationCache;
  readonly clock: ReceiptClock;
  readonly integrationRates: RateLimits;
  readonly failureRates: RateLimits;
  readonly refusals: RefusalSample;
  readonly replays: ReplayGuard<DoorAnswer>;
  readonly vendors: VendorVerifiers;
  /** Where senders reach the host, without a slash at the end. */
  readonly publicUrl: string;
  readonly limitRate: boolean;
  readonly verifySignatures: boolean;
  /** Says how to install a plugin for a type, or undefined when none is known. */
  readonly findPluginForType: (type: string) => Promise<string | undefined>;
  readonly now: () => number;
}

/** Who has already been asked for key or signature, so that the door need not. */
export type Trust = 'check' | 'operator';

const ADDRESSES_UNKNOWN_SECONDS = 300;

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
  if (address !== 'allowed') return refuse(deps, visit, addressRefusal(address, request.address));
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

function addressRefusal(verdict: 'refused' | 'unknown', address: string): ApiError {
  return verdict === 'refused'
    ? new ApiError('IP_NOT_ALLOWED', `The sender’s address ${address} is denied, or is on no list that allows it.`)
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
