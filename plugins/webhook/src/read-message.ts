import { isCloudEvent, isMapped, mapped, productEvent } from '@patchbay/plugin-sdk';
import type { EventPayload, IngestRequest, Issue, Mapping } from '@patchbay/plugin-sdk';
import { chatEvent } from './chat-formats.ts';
import { eventsV1Event, onCallEvent, ownEvent } from './known-formats.ts';
import { incidentEvent } from './incident-formats.ts';
import { actionSchema, closeSchema, eventsV1Schema, onCallSchema, triggerSchema } from './known.schema.ts';
import { monitorEvent } from './monitor-formats.ts';

export type Reading = { event: EventPayload } | { ignored: string } | { issues: Issue[] };

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one message: the formats that name themselves first, then by the mapping of the settings. */
export function readMessage(message: unknown, place: string, request: IngestRequest, mapping: Mapping): Reading {
  if (isObject(message)) {
    if ('event_action' in message) return keyed(readOwn(message, request, mapping), `${place}dedup_key`);
    if ('alert_uid' in message)
      return keyed(onCallEvent(request.parse(onCallSchema, message), mapping.severityOf), `${place}alert_uid`);
    if ('event_type' in message && 'service_key' in message)
      return keyed(eventsV1Event(request.parse(eventsV1Schema, message), mapping.severityOf), `${place}incident_key`);
    if ('routing_key' in message && isObject(message.payload))
      return { ignored: 'A change event of PagerDuty is no alert' };
  }
  if (isMapped(mapping)) return mapped(message, mapping, place);
  const product = productEvent(message, 'webhook', mapping.severityOf);
  if (product !== undefined) return { event: product };
  const known = incidentEvent(message, mapping.severityOf) ?? monitorEvent(message, mapping.severityOf);
  if (known !== undefined) return 'ignored' in known ? known : { event: known };
  // An event of ours in the envelope of CloudEvents; with a mapping, the paths begin at the envelope.
  if (isCloudEvent(message) && isObject(message.data))
    return readMessage(message.data, `${place}data.`, request, mapping);
  const said = chatEvent(message, mapping.severityOf);
  if (said !== undefined) return { event: said };
  return {
    issues: [
      {
        path: place.replace(/\.$/, ''),
        message: 'Expected event_action, dedup_key and payload; for another shape set the paths under Settings',
      },
    ],
  };
}

/** A form or query cannot nest, so summary, source and the like may stand beside the action. */
function readOwn(message: Fields, request: IngestRequest, mapping: Mapping): EventPayload | undefined {
  const { event_action: action } = request.parse(actionSchema, message);
  const { payload, summary, source, severity, timestamp, component, group, class: kind, custom_details } = message;
  const nested =
    payload === undefined && summary !== undefined
      ? { ...message, payload: { summary, source, severity, timestamp, component, group, class: kind, custom_details } }
      : message;
  return ownEvent(request.parse(action === 'trigger' ? triggerSchema : closeSchema, nested), mapping.severityOf);
}

/** A format's event, or the issue that its key is missing. */
function keyed(event: EventPayload | undefined, path: string): Reading {
  return event === undefined
    ? { issues: [{ path, message: 'Needed to know which problem this is about' }] }
    : { event };
}
