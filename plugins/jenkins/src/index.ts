import {
  defineIntegration,
  ingestedFrom,
  isMapped,
  mapped,
  messageOf,
  messagesIn,
  readMapping,
  severityOf,
} from '@patchbay/plugin-sdk';
import type { IngestRequest, MessageReading } from '@patchbay/plugin-sdk';
import { chatMessage } from './chat-message.ts';
import { customEvent } from './custom-event.ts';
import type { Settings } from './job-event.ts';
import { notificationEvent } from './notification-event.ts';
import { notificationSchema } from './notification.schema.ts';
import { xmlNotification } from './xml-notification.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings: Settings = {
      failureSeverity: severityOf(configuration.failureSeverity) ?? 'error',
      unstableSeverity: severityOf(configuration.unstableSeverity) ?? 'warning',
      phase: configuration.phase === 'completed' ? 'completed' : 'finalized',
    };
    const mapping = readMapping(configuration, 'jenkins');
    const readings = messagesIn(bodyOf(request), mapping).map(({ message, place }) =>
      isMapped(mapping) ? mapped(message, mapping, place) : read(message, place, request, settings),
    );
    return ingestedFrom(readings, request, 'The list of messages is empty');
  },
});

function bodyOf(request: IngestRequest): unknown {
  const isXml = request.method !== 'GET' && request.text().slice(0, 100).trimStart().startsWith('<');
  return (isXml ? xmlNotification(request.text()) : undefined) ?? messageOf(request);
}

function read(message: unknown, place: string, request: IngestRequest, settings: Settings): MessageReading {
  const isNotification =
    typeof message === 'object' &&
    message !== null &&
    'build' in message &&
    typeof message.build === 'object' &&
    message.build !== null &&
    'phase' in message.build;
  return isNotification
    ? notificationEvent(request.parse(notificationSchema, message), settings)
    : (chatMessage(message, settings) ?? customEvent(message, place, settings));
}
