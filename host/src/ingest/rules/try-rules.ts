import type { Kysely } from 'kysely';
import type { EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';
import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import type { IntegrationId, RequestId } from '@patchbay/plugin-sdk/contract/ids';
import type { RulesTried } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { timeOfOrder } from '../../incidents/keyed-event.ts';
import type { Database } from '../../store/schema.ts';
import type { IntegrationCache } from '../integration-cache.ts';
import type { DoorIntegration } from '../door-integration.ts';
import { callIngest } from '../plugin-call.ts';
import { rulesOf } from './integration-rules.ts';
import type { RuledRequest, RuleRunner } from './rule-runner.ts';

export interface TryRulesDeps {
  readonly db: Kysely<Database>;
  readonly cache: IntegrationCache;
  readonly sandbox: Sandbox;
  readonly rules: RuleRunner;
}

/** What rules are tried on: a request of the log, whose plugin is run again, or an event as it stands. */
export type TriedSubject = { readonly requestId: RequestId } | { readonly event: EventPayload };

type Subject = { request: RuledRequest; events: readonly EventPayload[] } | { none: string };

const NO_REQUEST: RuledRequest = {
  method: 'POST',
  headers: '{}',
  query: '{}',
  contentType: 'application/json',
  receivedAt: '',
};

/** Shows what rules would do to the events of a request. Nothing is stored and nobody hears of it. */
export async function tryRules(
  deps: TryRulesDeps,
  integrationId: IntegrationId,
  list: readonly EventRule[],
  tried: TriedSubject,
): Promise<RulesTried> {
  const integration = await deps.cache.find(integrationId);
  if (integration === undefined) return nothing('The integration was removed.');
  const subject =
    'event' in tried
      ? { request: { ...NO_REQUEST, receivedAt: new Date().toISOString() }, events: [tried.event] }
      : await subjectOf(deps, integration, tried.requestId);
  if ('none' in subject) return nothing(subject.none);
  const { request, events } = subject;
  const rules = rulesOf(integrationId, list);
  if (rules === null)
    return {
      events: events.map((event) => ({ before: event, after: event, droppedBy: null, changedBy: [], errors: [] })),
      stopped: null,
      reason: null,
    };
  const done = await deps.rules.apply(integration, rules, request, events);
  if (!done.ok) return { events: [], stopped: { code: done.code, message: done.reason }, reason: null };
  return {
    events: done.events.map(({ before, after, droppedBy, changes }, at) => ({
      before,
      after,
      droppedBy,
      changedBy: [...changes],
      errors: done.errors
        .filter(({ event }) => event === at)
        .map(({ rule, message }) => ({ rule: list[rule]?.name ?? '', message })),
    })),
    stopped: null,
    reason: null,
  };
}

function nothing(reason: string): RulesTried {
  return { events: [], stopped: null, reason };
}

async function subjectOf(deps: TryRulesDeps, integration: DoorIntegration, requestId: RequestId): Promise<Subject> {
  const { groupId, integrationId, plugin, configuration } = integration;
  if (plugin === null) return { none: `No plugin for "${integration.type}" is installed.` };
  const row = await deps.db
    .selectFrom('requests')
    .select(['received_order', 'method', 'headers', 'query', 'content_type', 'body', 'state'])
    .where('group_id', '=', groupId)
    .where('request_id', '=', requestId)
    .where('integration_id', '=', integrationId)
    .executeTakeFirst();
  if (row === undefined) return { none: 'The request is not in the log of this integration.' };
  if (row.state === 'refused') return { none: 'The request was refused at the door, so that its body was not kept.' };
  const request = {
    method: row.method,
    headers: JSON.stringify(row.headers),
    query: JSON.stringify(row.query),
    contentType: row.content_type,
    receivedAt: timeOfOrder(row.received_order),
  };
  const input = { ...request, requestId, body: Buffer.from(row.body), configuration };
  const outcome = await callIngest(deps.sandbox, plugin, integration, input, Math.floor(row.received_order / 1000));
  if (outcome.outcome !== 'understood') return { none: `The plugin gives no events: ${outcome.reason}` };
  if (outcome.result.outcome === 'ignored') return { none: `The plugin ignores it: ${outcome.result.reason}` };
  return { request, events: outcome.result.events };
}
