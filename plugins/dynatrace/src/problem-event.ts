import { dedupKey, detailsOf, eventOf, hostOf, jsonFrom, looseFields, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, LooseFields, MessageReading } from '@patchbay/plugin-sdk';
import { securityEvent } from './security-event.ts';
import type { Settings } from './settings.ts';

/** `{State}` of a notification, and `event.status` of a workflow. A merged problem goes on under another's id. */
const STATES: Record<string, EventAction> = {
  open: 'trigger',
  active: 'trigger',
  created: 'trigger',
  updated: 'trigger',
  reopened: 'trigger',
  resolved: 'resolve',
  closed: 'resolve',
  merged: 'resolve',
};

/** What the test button puts in place of a problem. */
const TEST_IDS = new Set(['999', '99999', 'testid', '999999999']);

/** The placeholders of a notification stand wherever its operator put them, so they are looked for by name. */
export function problemEvent(message: unknown, place: string, settings: Settings): MessageReading {
  const fields = looseFields(decoded(message), 4);
  // The API, and `{ProblemDetailsJSONv2}`, call the id `problemId` and the number that people see `displayId`.
  const shown = fields.text('display_id', 'displayId', 'ProblemDetails.displayId');
  const displayId = shown ?? fields.text('ProblemID', 'ProblemDetails.displayName');
  const id =
    fields.text('PID', 'ProblemDetails.id', 'ProblemDetails.problemId', 'event.id', 'dt_problem_id') ??
    (shown === undefined ? undefined : otherThan(shown, fields.text('problemId'))) ??
    (displayId === undefined
      ? /[;&?]pid=([\w-]{1,100})/.exec(fields.text('ProblemURL', 'problem_url') ?? '')?.[1]
      : undefined);
  const state = fields
    .text('State', 'ProblemState', 'event.status', 'status', 'ProblemDetails.status')
    ?.trim()
    .toLowerCase();
  const security = securityEvent(fields, message, settings);
  if (security !== undefined) return security;
  if ((id === undefined && displayId === undefined) || state === undefined)
    return { issues: [{ path: place.replace(/\.$/, ''), message: 'Expected State, and PID or ProblemID' }] };
  const isTest =
    TEST_IDS.has((displayId ?? '').toLowerCase()) ||
    (displayId === undefined && TEST_IDS.has((id ?? '').toLowerCase()));
  if (isTest && settings.ignoreTests) return { ignored: "Dynatrace's test notification arrived" };
  const action = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  if (action === undefined) return { ignored: `The state "${state.slice(0, 60)}" changes no incident` };

  const url = fields.text('ProblemURL', 'problem_url', 'event.url', 'url');
  const title =
    fields.text('ProblemTitle', 'event.name', 'title', 'ProblemDetails.title') ?? `Problem ${displayId ?? ''}`;
  const entity = entityName(
    fields.value(
      'ImpactedEntities',
      'affected_entities',
      'affectedEntities',
      'affected_entity_names',
      'affected_entity_ids',
      'ProblemDetails.affectedEntities',
    ),
    fields.value('ProblemDetails.rankedEvents', 'rankedEvents', 'ProblemDetailsJSON.rankedEvents'),
  );
  const about = entity ?? fields.text('NamesOfImpactedEntities', 'ImpactedEntityNames', 'ImpactedEntity');
  return eventOf({
    action,
    key: id === undefined ? dedupKey('dynatrace', environmentOf(url), displayId ?? '') : dedupKey('dynatrace', id),
    summary: [about === undefined || title.includes(about) ? title : `${title}: ${about}`],
    source: [entity, about, hostOf(url), 'Dynatrace'],
    severity: settings.severity(
      fields.text('ProblemSeverity', 'severity', 'ProblemDetails.severityLevel', 'event.category', 'SeverityLevel'),
    ),
    kind: fields.text('ProblemDetails.eventType', 'event.kind') ?? 'problem',
    component: entity,
    group: fields.text('ProblemImpact', 'ProblemDetails.impactLevel', 'impactLevel'),
    timestamp: momentOf(fields, action),
    links: [[url, displayId === undefined ? 'Problem' : `Problem ${displayId}`]],
    details: detailsOf(message),
  });
}

const otherThan = (shown: string, id: string | undefined): string | undefined => (id === shown ? undefined : id);

const DETAILS = /^ProblemDetailsJSON(?:v2)?$/i;

/** Templates put `{ProblemDetailsJSON}` in quotes, or where other objects stand; its fields have the same names either way. */
function decoded(message: unknown): unknown {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return message;
  return Object.fromEntries(
    Object.entries(message).map(([name, value]: [string, unknown]) => {
      if (!DETAILS.test(name)) return [name, value];
      const details = typeof value === 'string' ? jsonFrom(value) : value;
      return typeof details === 'object' && details !== null ? ['ProblemDetails', details] : [name, value];
    }),
  );
}

/** Display ids begin again in every environment: managed ones have a path of their own, others a host. */
function environmentOf(url: string | undefined): string {
  const host = hostOf(url);
  if (host === undefined) return 'environment';
  const path = /\/e\/([\w-]{1,64})/.exec(url ?? '')?.[1];
  return path === undefined ? host : `${host}/e/${path}`;
}

/** The first entity of `{ImpactedEntities}`, a list or its JSON; else that of the event which Dynatrace ranks first. */
function entityName(...values: unknown[]): string | undefined {
  for (const value of values) {
    const list = typeof value === 'string' && value.startsWith('[') ? jsonFrom(value) : value;
    const [first] = Array.isArray(list) ? (list as unknown[]) : [];
    const { name, entityName: ranked, entity } = Object(first) as Record<string, unknown>;
    const found = typeof first === 'string' ? textOf(first) : (textOf(name) ?? textOf(ranked) ?? textOf(entity));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Dynatrace writes -1 for an end that has not come. */
function momentOf(fields: LooseFields, action: EventAction): unknown {
  const start = fields.value('ProblemDetails.startTime', 'event.start', 'startTime');
  const end = fields.text('ProblemDetails.endTime', 'event.end', 'endTime');
  return action === 'resolve' && end !== undefined && end !== '-1' ? end : start;
}
