import { labelText, linksFrom, sourceText, summaryText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload, Severity } from '@patchbay/plugin-sdk';

/** What became of a message: an event, or why there is none. */
export type Reading = EventPayload | { ignored: string };

export interface Settings {
  severity: (level: unknown) => Severity;
  archived: 'resolve' | 'acknowledge' | 'ignore';
}

export interface Facts {
  action: EventAction;
  key: string;
  summary: unknown[];
  source: unknown[];
  severity: Severity;
  kind: string;
  component?: unknown;
  group?: unknown;
  timestamp?: unknown;
  links: (readonly [href: unknown, text: unknown])[];
  details: Record<string, unknown>;
}

/** The event that the facts make. */
export function eventOf(facts: Facts): EventPayload {
  const links = linksFrom(...facts.links);
  const component = labelText(facts.component);
  const group = labelText(facts.group);
  const timestamp = textOf(facts.timestamp)?.slice(0, 64);
  return {
    event_action: facts.action,
    dedup_key: facts.key,
    payload: {
      summary: summaryText(...facts.summary),
      source: sourceText(...facts.source),
      severity: facts.severity,
      class: facts.kind,
      ...(component !== undefined ? { component } : {}),
      ...(group !== undefined ? { group } : {}),
      ...(timestamp !== undefined ? { timestamp } : {}),
      custom_details: facts.details,
    },
    ...(links.length > 0 ? { links } : {}),
  };
}

/** The project's name out of a name, an object with one, or a bare id. */
export function projectName(project: unknown): string | undefined {
  if (typeof project !== 'object' || project === null) return textOf(project);
  const { slug, name } = project as { slug?: unknown; name?: unknown };
  return textOf(slug) ?? textOf(name);
}
