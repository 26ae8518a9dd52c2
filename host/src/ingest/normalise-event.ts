import { createHash } from 'node:crypto';
import { newId, type IntegrationId, type RequestId } from '@patchbay/plugin-sdk/contract/ids';
import type { EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';
import { eventLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Problem } from '../incidents/fold.ts';
import type { KeyedEvent } from '../incidents/keyed-event.ts';
import { storableJson, storableText } from '../store/storable.ts';
import type { DoorIntegration } from './door-integration.ts';

/** What events take from their integration. */
export type EventHome = Pick<DoorIntegration, 'groupId' | 'serviceId' | 'serviceName' | 'environment' | 'type'> & {
  readonly integrationId: IntegrationId | null;
  readonly plugin: { readonly actsForPeople: boolean } | null;
};

/** Events of a request, storable, each with its key. */
export function keyedEvents(
  home: EventHome,
  request: { readonly requestId: RequestId | null; readonly order: number },
  events: readonly EventPayload[],
): KeyedEvent[] {
  return events.map((event, ordinal) => {
    const bounded = withBoundedDetails(event);
    const payload = storableJson(bounded);
    const problem = problemOf(bounded, payload);
    const person = home.plugin?.actsForPeople === true && 'actor' in event ? event.actor : undefined;
    return {
      id: newId('event', Math.floor(request.order / 1000)),
      groupId: home.groupId,
      serviceId: home.serviceId,
      serviceName: home.serviceName,
      environment: home.environment,
      type: home.type,
      dedupKey: dedupKeyOf(event.dedup_key),
      order: request.order,
      ordinal,
      action: event.event_action,
      problem: event.event_action === 'trigger' ? problem : null,
      severity: event.payload?.severity ?? null,
      summary: event.payload === undefined ? null : storableText(event.payload.summary),
      payload,
      requestId: request.requestId,
      integrationId: home.integrationId,
      actor: person === undefined ? null : storableText(person),
      note: null,
      ...(person === undefined ? {} : { isAct: true }),
    };
  });
}

/** The key as it is kept: storable, and hashed where it is longer than its column may be. Never cut, cut keys meet. */
export function dedupKeyOf(key: string): string {
  if (key.length <= eventLimits.dedupKeyChars) return storableText(key);
  return `sha256:${createHash('sha256').update(key, 'utf8').digest('hex')}`;
}

/** Details beyond their limit are left out with a note; the exact body is kept with the request. */
function withBoundedDetails(event: EventPayload): EventPayload {
  const details = event.payload?.custom_details;
  if (event.payload === undefined || details === undefined) return event;
  const bytes = Buffer.byteLength(JSON.stringify(details));
  if (bytes <= eventLimits.customDetailsBytes) return event;
  const note = `custom_details left out: ${bytes} bytes are more than ${eventLimits.customDetailsBytes}`;
  return { ...event, payload: { ...event.payload, custom_details: { patchbay: note } } };
}

/** From the payload as it is stored, so that comparing with what is recorded later compares like with like. */
function problemOf(event: EventPayload, payload: string): Problem | null {
  if (event.payload === undefined) return null;
  const stored = payload.includes('\\u') || payload.includes('\ufffd') ? (JSON.parse(payload) as EventPayload) : event;
  const details = stored.payload ?? event.payload;
  return {
    severity: details.severity,
    summary: details.summary,
    source: details.source,
    customDetails: details.custom_details ?? {},
    links: (stored.links ?? []).map(({ href, text }) => (text === undefined ? { href } : { href, text })),
  };
}
