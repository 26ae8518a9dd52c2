import { labelText, linksFrom, sourceText, summaryText, webUrl } from './event-text.ts';
import { instantText } from './instant.ts';
import type { EventAction, EventPayload, Severity } from '../contract/event-payload.ts';

/** What became of a message: an event, or why there is none, as a sentence for the operator. */
export type Reading = EventPayload | { ignored: string };

/** What a plugin knows of a problem, as its sender wrote it: of several candidates the first that says something counts. */
export interface EventFacts {
  action: EventAction;
  key: string;
  summary: unknown[];
  source: unknown[];
  severity: Severity;
  /** The vendor's name for this kind of message. */
  kind: string;
  component?: unknown;
  group?: unknown;
  /** ISO 8601 text, or seconds or milliseconds since 1970. */
  timestamp?: unknown;
  links: (readonly [href: unknown, text: unknown])[];
  image?: unknown;
  details: Record<string, unknown>;
}

/** The event that the facts make: texts bounded, links without what is no web address. */
export function eventOf(facts: EventFacts): EventPayload {
  const links = linksFrom(...facts.links);
  const component = labelText(facts.component);
  const group = labelText(facts.group);
  const kind = labelText(facts.kind);
  const timestamp = instantText(facts.timestamp);
  const image = webUrl(facts.image);
  return {
    event_action: facts.action,
    dedup_key: facts.key,
    payload: {
      summary: summaryText(...facts.summary),
      source: sourceText(...facts.source),
      severity: facts.severity,
      ...(kind !== undefined ? { class: kind } : {}),
      ...(component !== undefined ? { component } : {}),
      ...(group !== undefined ? { group } : {}),
      ...(timestamp !== undefined ? { timestamp } : {}),
      custom_details: facts.details,
    },
    ...(links.length > 0 ? { links } : {}),
    ...(image !== undefined ? { images: [{ src: image }] } : {}),
  };
}
