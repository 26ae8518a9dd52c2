import {
  dedupKey,
  detailsOf,
  labelText,
  linksFrom,
  sourceText,
  summaryText,
  textOf,
  webUrl,
} from '@patchbay/plugin-sdk';
import type { EventDetails, EventPayload, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { closeSchema, eventsV1Schema, onCallSchema, triggerSchema } from './known.schema.ts';

type Trigger = z.infer<typeof triggerSchema>;
type Close = z.infer<typeof closeSchema>;
type ReadSeverity = (word: unknown) => Severity;

/**
 * Our own event, or PagerDuty's v2 event. A trigger without a key gets one from what it is about; undefined for a
 * resolve or acknowledge without one.
 */
export function ownEvent(message: Trigger | Close, severity: ReadSeverity): EventPayload | undefined {
  const sent = textOf(message.dedup_key);
  if (message.event_action !== 'trigger') {
    if (sent === undefined) return undefined;
    const payload = message.payload ?? undefined;
    const about = textOf(payload?.summary) === undefined ? undefined : ownDetails(payload, severity);
    return {
      event_action: message.event_action,
      dedup_key: dedupKey(sent),
      ...(about !== undefined ? { payload: about } : {}),
      ...attachments(message),
    };
  }
  const { payload } = message;
  const key =
    sent ?? dedupKey('webhook', ...[payload.source, payload.component, payload.class, payload.summary].map(keyPart));
  return {
    event_action: 'trigger',
    dedup_key: dedupKey(key),
    payload: ownDetails(payload, severity),
    ...attachments(message),
  };
}

const keyPart = (value: unknown): string => textOf(value) ?? '';

function ownDetails(payload: Trigger['payload'] | Close['payload'], severity: ReadSeverity): EventDetails {
  const component = labelText(payload?.component);
  const group = labelText(payload?.group);
  const kind = labelText(payload?.class);
  const timestamp = textOf(payload?.timestamp)?.slice(0, 64);
  const details = payload?.custom_details;
  return {
    summary: summaryText(payload?.summary),
    source: sourceText(payload?.source),
    severity: severity(payload?.severity),
    ...(component !== undefined ? { component } : {}),
    ...(group !== undefined ? { group } : {}),
    ...(kind !== undefined ? { class: kind } : {}),
    ...(timestamp !== undefined ? { timestamp } : {}),
    ...(details !== undefined && details !== null ? { custom_details: detailsOf(details) } : {}),
  };
}

function attachments(message: Trigger | Close): Pick<EventPayload, 'links' | 'images'> {
  const links = linksFrom(...(message.links ?? []).map(({ href, text }) => [href, text] as const), [
    message.client_url,
    message.client,
  ]);
  const images = (message.images ?? []).slice(0, 20).flatMap(({ src, alt, href }) => {
    const address = webUrl(src);
    const label = labelText(alt);
    const target = webUrl(href);
    return address === undefined
      ? []
      : [
          {
            src: address,
            ...(label !== undefined ? { alt: label } : {}),
            ...(target !== undefined ? { href: target } : {}),
          },
        ];
  });
  return { ...(links.length > 0 ? { links } : {}), ...(images.length > 0 ? { images } : {}) };
}

export function eventsV1Event(
  message: z.infer<typeof eventsV1Schema>,
  severity: ReadSeverity,
): EventPayload | undefined {
  const key = textOf(message.incident_key);
  const links = linksFrom([message.client_url, message.client]);
  const withLinks = links.length > 0 ? { links } : {};
  if (message.event_type !== 'trigger')
    return key === undefined ? undefined : { event_action: message.event_type, dedup_key: dedupKey(key), ...withLinks };
  return {
    event_action: 'trigger',
    dedup_key: key === undefined ? dedupKey('webhook', keyPart(message.description)) : dedupKey(key),
    payload: {
      summary: summaryText(message.description, key),
      source: sourceText(message.client),
      severity: severity(undefined),
      ...(message.details !== undefined && message.details !== null
        ? { custom_details: detailsOf(message.details) }
        : {}),
    },
    ...withLinks,
  };
}

export function onCallEvent(message: z.infer<typeof onCallSchema>, severity: ReadSeverity): EventPayload | undefined {
  const key = textOf(message.alert_uid);
  if (key === undefined) return undefined;
  const links = linksFrom([message.link_to_upstream_details, 'Details']);
  const image = webUrl(message.image_url);
  return {
    event_action: message.state === 'ok' ? 'resolve' : 'trigger',
    dedup_key: dedupKey(key),
    payload: {
      summary: summaryText(message.title, message.message),
      source: sourceText(message.source, 'Webhook'),
      severity: severity(message.severity),
      custom_details: { message: detailsOf(message.message).value ?? null },
    },
    ...(links.length > 0 ? { links } : {}),
    ...(image !== undefined ? { images: [{ src: image }] } : {}),
  };
}
