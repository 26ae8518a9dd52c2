import {
  defineIntegration,
  fitOutput,
  ignored,
  invalid,
  isMapped,
  messageOf,
  readMapping,
  valueAt,
} from '@patchbay/plugin-sdk';
import type { IngestRequest, Mapping } from '@patchbay/plugin-sdk';
import { readMessage } from './read-message.ts';
import { xmlMessage } from './xml-message.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const mapping = readMapping(configuration, 'webhook');
    const body = bodyOf(request);
    if ('problem' in body) return invalid(body.problem, [{ path: '', message: body.problem }]);
    const messages = messagesOf(body.message, mapping);
    const readings = messages.map(({ message, place }) => readMessage(message, place, request, mapping));
    const issues = readings.flatMap((reading) => ('issues' in reading ? reading.issues : []));
    if (issues.length > 0) return invalid('The body cannot be read as an event', issues);
    const events = readings.flatMap((reading) => ('event' in reading ? [reading.event] : []));
    if (events.length > 0) return fitOutput(events, request.text().length);
    const reasons = readings.flatMap((reading) => ('ignored' in reading ? [reading.ignored] : []));
    return ignored(reasons[0] ?? 'The list of events is empty');
  },
});

const XML = /^\s*(application|text)\/([\w.-]+\+)?xml\s*(;|$)/i;

/** The body as a message; XML also where the content type does not say so. */
function bodyOf(request: IngestRequest): { message: unknown } | { problem: string } {
  const isXml = XML.test(request.contentType) || (request.method !== 'GET' && request.text().startsWith('<?xml'));
  return isXml ? xmlMessage(request.text()) : { message: messageOf(request) };
}

interface Placed {
  message: unknown;
  /** Where the message stands in the body, with a dot at its end; empty for the body itself. */
  place: string;
}

/** The messages of a body: itself, its entries when it is a list, or the list that the settings name. */
function messagesOf(body: unknown, mapping: Mapping): Placed[] {
  const path = mapping.events[0];
  const listed = path === undefined ? undefined : valueAt(body, path.steps);
  if (path !== undefined && Array.isArray(listed))
    return listed.map((message: unknown, index) => ({ message, place: `${path.text}.${index}.` }));
  const alerts = isMapped(mapping) ? undefined : alertsOf(body);
  if (alerts !== undefined) return alerts.map((message, index) => ({ message, place: `alerts.${index}.` }));
  if (Array.isArray(body)) return body.map((message: unknown, index) => ({ message, place: `${index}.` }));
  return [{ message: body, place: '' }];
}

/** The alerts of a message like Alertmanager's; undefined when it is none. */
function alertsOf(body: unknown): unknown[] | undefined {
  const { alerts, groupKey, event_action: action } = Object(body) as Record<string, unknown>;
  if (!Array.isArray(alerts) || action !== undefined) return undefined;
  if (alerts.length === 0) return groupKey === undefined ? undefined : [];
  return alerts.every((alert: unknown) => typeof (Object(alert) as { labels?: unknown }).labels === 'object')
    ? alerts
    : undefined;
}
