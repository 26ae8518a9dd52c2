import { timeOfOrder } from '../incidents/keyed-event.ts';
import type { BatchWriter, Written } from './batch-writer.ts';
import type { DoorIntegration, DoorPlugin } from './door-integration.ts';
import type { EventHome } from './normalise-event.ts';
import type { ClaimedRequest } from './pending-claims.ts';
import { ingestByRules, type IngestByRulesDeps } from './rules/ingest-by-rules.ts';
import type { PluginOutcome } from './plugin-call.ts';
import { eventsOf } from './outcome-events.ts';
import { verdictOf } from './verdicts.ts';

type Named = Pick<ClaimedRequest, 'groupId' | 'requestId' | 'integrationId' | 'order'>;

/** Stores what became of a claimed request; dropped when the claim was lost meanwhile. */
export async function settle(
  writer: BatchWriter,
  home: EventHome,
  request: Pick<ClaimedRequest, 'groupId' | 'requestId' | 'integrationId' | 'order' | 'attempts'>,
  claimId: string,
  plugin: DoorPlugin,
  outcome: PluginOutcome,
): Promise<Written> {
  const events = eventsOf(home, request, outcome);
  const verdict = verdictOf(events.outcome, request.attempts + 1, plugin.acceptInvalid, 0, Date.now());
  return writer.write({
    kind: 'finish',
    request: nameOf(request),
    claimId,
    plugin: { id: plugin.pluginId, version: plugin.version },
    verdict,
    events: events.list,
  });
}

/** Runs the plugin on a claimed request again and stores what became of it. */
export async function settleByRun(
  deps: IngestByRulesDeps & { writer: BatchWriter },
  integration: DoorIntegration | undefined,
  request: ClaimedRequest,
  claimId: string,
): Promise<Written> {
  if (integration === undefined) return giveUp(deps.writer, request, claimId, 'The integration was removed.');
  const { plugin } = integration;
  if (plugin === null)
    return giveUp(deps.writer, request, claimId, `No plugin for "${integration.type}" is installed.`);
  const input = {
    requestId: request.requestId,
    receivedAt: timeOfOrder(request.order),
    method: request.method,
    headers: JSON.stringify(request.headers),
    query: JSON.stringify(request.query),
    contentType: request.contentType,
    body: request.body,
    configuration: integration.configuration,
  };
  const startedAt = Math.floor(request.order / 1000);
  const outcome = await ingestByRules(deps, integration, plugin, input, startedAt);
  return settle(deps.writer, integration, request, claimId, plugin, outcome);
}

/** Without its body, which is stored already and would only be carried along. */
function nameOf({ groupId, requestId, integrationId, order }: Named): Named {
  return { groupId, requestId, integrationId, order };
}

/** Kept where a person can see it, who may install the plugin and replay. */
function giveUp(writer: BatchWriter, request: ClaimedRequest, claimId: string, reason: string): Promise<Written> {
  return writer.write({
    kind: 'finish',
    request: nameOf(request),
    claimId,
    plugin: { id: '', version: '' },
    verdict: {
      state: 'dead',
      status: 202,
      code: 'TYPE_NOT_INSTALLED',
      reason,
      issues: null,
      logs: null,
      durationMicros: 0,
      attempts: request.attempts,
      nextAttemptAt: null,
      claim: null,
    },
    events: [],
  });
}
