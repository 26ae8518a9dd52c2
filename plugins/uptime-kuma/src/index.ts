import {
  defineIntegration,
  ingestedFrom,
  isMapped,
  jsonFrom,
  looseFields,
  mapped,
  messageOf,
  messagesIn,
  productEvent,
  readMapping,
  severityOf,
  textOf,
} from '@patchbay/plugin-sdk';
import type { IngestRequest, MessageReading } from '@patchbay/plugin-sdk';
import { changeEvent, heartbeatChange } from './heartbeat-event.ts';
import type { Settings } from './heartbeat-event.ts';
import { heartbeatSchema, monitorSchema } from './heartbeat.schema.ts';
import { printedObject } from './printed-object.ts';
import { textEvent } from './text-event.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings: Settings = {
      downSeverity: severityOf(configuration.downSeverity) ?? 'critical',
      expirySeverity: severityOf(configuration.expirySeverity) ?? 'warning',
      instance: textOf(configuration.instance),
    };
    const mapping = readMapping(configuration, 'uptime-kuma');
    const readings = messagesIn(bodyOf(request), mapping).map(({ message, place }) =>
      isMapped(mapping)
        ? mapped(message, mapping, place)
        : (productEvent(message, 'uptime-kuma', mapping.severityOf) ?? read(message, place, request, settings)),
    );
    return ingestedFrom(readings, request, 'The list of messages is empty');
  },
});

function bodyOf(request: IngestRequest): unknown {
  const isPrinted = request.method !== 'GET' && /^\s*\{'/.test(request.text().slice(0, 100));
  return isPrinted ? printedObject(request.text()) : messageOf(request);
}

function read(message: unknown, place: string, request: IngestRequest, settings: Settings): MessageReading {
  const content = Object(message) as Record<string, unknown>;
  const heartbeat = partOf(content.heartbeat);
  const monitor = partOf(content.monitor);
  if (heartbeat !== undefined)
    return changeEvent(
      heartbeatChange(request.parse(heartbeatSchema, heartbeat), request.parse(monitorSchema, monitor ?? {})),
      settings,
    );
  const fields = looseFields(message);
  const text = fields.text('msg', 'message', 'text', 'body', 'content');
  const state = fields.text('status', 'state');
  const name = fields.text('monitorName', 'name');
  if (state !== undefined && name !== undefined) {
    const monitorId = fields.text('monitorID', 'id');
    const parts = { url: fields.text('url', 'hostnameOrURL'), type: fields.text('type') };
    return changeEvent({ state, monitorId, name, message: text, monitor: monitor ?? parts }, settings);
  }
  if (text !== undefined) return textEvent(text, settings);
  return {
    issues: [{ path: `${place}heartbeat`, message: 'Expected heartbeat, monitor and msg as Uptime Kuma sends them' }],
  };
}

/** In a query or a template, heartbeat and monitor are JSON inside of text; in tests they are null. */
function partOf(value: unknown): Record<string, unknown> | undefined {
  const part = typeof value === 'string' ? jsonFrom(value) : value;
  return typeof part === 'object' && part !== null ? (part as Record<string, unknown>) : undefined;
}
