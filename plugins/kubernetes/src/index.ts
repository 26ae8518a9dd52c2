import {
  defineIntegration,
  ingestedFrom,
  isMapped,
  mapped,
  messageOf,
  messagesIn,
  productEvent,
  readMapping,
} from '@patchbay/plugin-sdk';
import type { IngestRequest, MessageReading } from '@patchbay/plugin-sdk';
import { alertEvents } from './alert-events.ts';
import { argoEvent } from './argo-event.ts';
import { clusterEvent, happeningOf } from './cluster-event.ts';
import { falcoEvent, isFalcoEvent } from './falco-event.ts';
import { fluxEvent, isFluxEvent } from './flux-event.ts';
import { alertsSchema, eventSchema } from './kubernetes.schema.ts';
import { layoutEvent } from './layout-event.ts';
import { robustaText } from './robusta-text.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';

const EMPTY = 'The list of events is empty';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    const mapping = readMapping(configuration, 'kubernetes');
    const isText = request.method !== 'GET' && !/^\s*(?:\{|\[\s*[[\]{])/.test(request.text().slice(0, 100));
    const finding = isText ? robustaText(request.text(), settings) : undefined;
    if (finding !== undefined) return ingestedFrom([finding], request, EMPTY);
    const readings = messagesIn(messageOf(request), mapping).flatMap(({ message, place }) =>
      isMapped(mapping) ? [mapped(message, mapping, place)] : read(message, place, request, settings),
    );
    return ingestedFrom(readings, request, EMPTY);
  },
});

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Lists and the envelopes of a watch or of CloudEvents are opened once; what is in them is read as it is. */
function read(message: unknown, place: string, request: IngestRequest, settings: Settings): MessageReading[] {
  if (!isObject(message)) return [layoutEvent(message, place, settings)];
  const product = productEvent(message, 'kubernetes', (word) => settings.severity(undefined, word));
  if (product !== undefined) return [product];
  if (isFalcoEvent(message)) return [falcoEvent(message, settings)];
  const application = argoEvent(message, settings);
  if (application !== undefined) return [application];
  if (Array.isArray(message.alerts)) return alertEvents(request.parse(alertsSchema, message), settings);
  if (Array.isArray(message.items))
    return message.items.map((item: unknown, index) => readOne(item, `${place}items.${index}.`, request, settings));
  if (isObject(message.object) && isEvent(message.object)) {
    if (message.type === 'DELETED') return [{ ignored: 'An old event was deleted in the cluster, which is no alert' }];
    return [readOne(message.object, `${place}object.`, request, settings)];
  }
  // Eventrouter writes what happened to the event itself beside it.
  if (isObject(message.event) && isEvent(message.event))
    return [readOne(message.event, `${place}event.`, request, settings)];
  if (isObject(message.data) && typeof message.specversion === 'string')
    return [readOne(message.data, `${place}data.`, request, settings)];
  return [readOne(message, place, request, settings)];
}

function readOne(message: unknown, place: string, request: IngestRequest, settings: Settings): MessageReading {
  if (!isObject(message) || !isEvent(message)) return layoutEvent(message, place, settings);
  const event = request.parse(eventSchema, message);
  return isFluxEvent(event) ? fluxEvent(event, settings) : clusterEvent(happeningOf(event), settings);
}

const isEvent = (message: Fields): boolean => isObject(message.involvedObject) || isObject(message.regarding);
