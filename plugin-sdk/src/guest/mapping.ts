import { dedupKey, linksFrom, sourceText, summaryText, textOf } from './event-text.ts';
import { pathsOf, valueAt } from './json-path.ts';
import { detailsOf } from './redact.ts';
import { severityReader } from './severity.ts';
import type { Issue } from '../contract/envelopes.ts';
import type { EventAction, EventPayload, Severity } from '../contract/event-payload.ts';

type Paths = ReturnType<typeof pathsOf>;

/** The mapping of an integration's settings, read once per request. */
export interface Mapping {
  summary: Paths;
  dedupKey: Paths;
  action: Paths;
  actions: Map<string, EventAction | 'ignore'>;
  unknownAction: 'refuse' | 'trigger' | 'ignore';
  severity: Paths;
  source: Paths;
  link: Paths;
  events: Paths;
  severityOf: (word: unknown) => Severity;
  vendor: string;
}

/** What a mapping makes of a message: an event, why there is none, or what is missing. */
export type Mapped = { event: EventPayload } | { ignored: string } | { issues: Issue[] };

const KNOWN_STATES: Record<string, EventAction> = {
  trigger: 'trigger',
  triggered: 'trigger',
  firing: 'trigger',
  alerting: 'trigger',
  alert: 'trigger',
  alarm: 'trigger',
  open: 'trigger',
  opened: 'trigger',
  down: 'trigger',
  problem: 'trigger',
  failed: 'trigger',
  failure: 'trigger',
  acknowledge: 'acknowledge',
  acknowledged: 'acknowledge',
  resolve: 'resolve',
  resolved: 'resolve',
  ok: 'resolve',
  close: 'resolve',
  closed: 'resolve',
  up: 'resolve',
  recovered: 'resolve',
  recovery: 'resolve',
  success: 'resolve',
};

/**
 * Reads the settings `summaryPath`, `dedupKeyPath`, `actionPath`, `actions`, `unknownAction`, `severityPath`,
 * `severities`, `defaultSeverity`, `sourcePath`, `linkPath` and `eventsPath`, of which a plugin declares those it offers.
 *
 * @param vendor begins the keys, and is the source where the mapping names none
 */
export function readMapping(configuration: Record<string, unknown>, vendor: string): Mapping {
  const unknownAction = configuration.unknownAction;
  return {
    summary: pathsOf(configuration.summaryPath),
    dedupKey: pathsOf(configuration.dedupKeyPath),
    action: pathsOf(configuration.actionPath),
    actions: actionsOf(configuration.actions),
    unknownAction: unknownAction === 'trigger' || unknownAction === 'ignore' ? unknownAction : 'refuse',
    severity: pathsOf(configuration.severityPath),
    source: pathsOf(configuration.sourcePath),
    link: pathsOf(configuration.linkPath),
    events: pathsOf(configuration.eventsPath),
    severityOf: severityReader(configuration, 'error'),
    vendor,
  };
}

/** A mapping says at least where the summary stands. */
export const isMapped = (mapping: Mapping): boolean => mapping.summary.length > 0;

function actionsOf(setting: unknown): Mapping['actions'] {
  const actions = new Map<string, EventAction | 'ignore'>();
  for (const [state, word] of Object.entries(Object(setting) as Record<string, unknown>))
    if (word === 'trigger' || word === 'acknowledge' || word === 'resolve' || word === 'ignore')
      actions.set(state.trim().toLowerCase(), word);
  return actions;
}

/** The event that the mapping makes of a message. `place` is where the message stands in the body. */
export function mapped(message: unknown, mapping: Mapping, place: string): Mapped {
  const at = (paths: Paths) => paths.map(({ steps }) => valueAt(message, steps));
  const missing = (paths: Paths, what: string): Mapped => ({
    issues: [{ path: `${place}${paths.map(({ text }) => text).join(', ')}`.slice(0, 512), message: what }],
  });

  const action = actionFor(at(mapping.action), mapping);
  if (action === 'ignore') return { ignored: `The state "${stateText(at(mapping.action)).slice(0, 100)}" is no alert` };
  if (action === undefined)
    return missing(mapping.action, `The state "${stateText(at(mapping.action)).slice(0, 100)}" is not in the mapping`);

  const summaries = at(mapping.summary);
  const keys = at(mapping.dedupKey).map(textOf);
  if (action === 'trigger' && summaries.every((value) => textOf(value) === undefined))
    return missing(mapping.summary, 'There is no text for the summary');
  if (keys.some((key) => key === undefined))
    return missing(mapping.dedupKey, 'There is no value for the deduplication key');

  const sources = at(mapping.source);
  const links = linksFrom(...at(mapping.link).map((href) => [href, 'Details'] as const));
  const key = keys.length > 0 ? keys.map(String) : [summaryText(...summaries), sourceText(...sources)];
  return {
    event: {
      event_action: action,
      dedup_key: dedupKey(mapping.vendor, ...key),
      payload: {
        summary: summaryText(...summaries, key.join(' ')),
        source: sourceText(...sources, mapping.vendor),
        severity: mapping.severityOf(at(mapping.severity).find((value) => textOf(value) !== undefined)),
        custom_details: detailsOf(message),
      },
      ...(links.length > 0 ? { links } : {}),
    },
  };
}

function actionFor(values: unknown[], mapping: Mapping): EventAction | 'ignore' | undefined {
  if (values.length === 0) return 'trigger';
  const state = stateText(values).toLowerCase();
  const known = mapping.actions.get(state) ?? (Object.hasOwn(KNOWN_STATES, state) ? KNOWN_STATES[state] : undefined);
  if (known !== undefined) return known;
  return mapping.unknownAction === 'refuse' ? undefined : mapping.unknownAction;
}

/** The first state that is there, exactly as sent: "none" is a state too. */
function stateText(values: unknown[]): string {
  const found = values.find((value) => value !== undefined && value !== null);
  if (typeof found === 'string') return found.trim();
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
}
