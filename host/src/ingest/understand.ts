import { randomBytes } from 'node:crypto';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import { ApiError } from '../api/api-error.ts';
import { timeOfOrder, type KeyedEvent } from '../incidents/keyed-event.ts';
import { isDatabaseGone } from '../store/database-errors.ts';
import { QueueFullError, type BatchWriter } from './batch-writer.ts';
import type { Proven } from './credentials.ts';
import { accepted, acceptedPending, answerError, answerOf, databaseUnavailable, pendingFull } from './door-answers.ts';
import type { DoorPlugin } from './door-integration.ts';
import type { DoorAnswer } from './door-request.ts';
import { performHandshake } from './handshake.ts';
import { eventsOf } from './outcome-events.ts';
import { startPatience } from './patience.ts';
import type { PendingCount } from './pending-count.ts';
import type { PluginOutcome } from './plugin-call.ts';
import type { RequestRow, RequestVerdict } from './request-row.ts';
import { ingestByRules, type IngestByRulesDeps } from './rules/ingest-by-rules.ts';
import { ignoredVerdict, lateVerdict, verdictOf, withOwnStatus } from './verdicts.ts';
import type { FetchPinned } from './verification/pinned-keys.ts';
import { elapsed, rowOf, type Visit } from './visit.ts';

export interface UnderstandDeps extends IngestByRulesDeps {
  readonly writer: BatchWriter;
  readonly pending: PendingCount;
  readonly fetchPinned: FetchPinned;
  /** Goes on with a run that was too slow for its sender. */
  readonly settleLate: (
    request: RequestRow,
    claimId: string,
    plugin: DoorPlugin,
    outcome: PluginOutcome,
  ) => Promise<void>;
  readonly log: { warn(fields: object, message: string): void };
}

const LATE_CLAIM_MS = 10_000;

/**
 * From a request of a proven sender to its answer: the handshake, or the plugin and the rules, and the database.
 *
 * @param name of the delivery, when its signature gives it one for good
 */
export async function understand(
  deps: UnderstandDeps,
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
  deps: UnderstandDeps,
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
  deps: UnderstandDeps,
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
