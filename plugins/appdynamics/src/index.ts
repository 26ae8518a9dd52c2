import {
  defineIntegration,
  ingestedFrom,
  isMapped,
  mapped,
  messagesIn,
  productEvent,
  readMapping,
  severityReader,
} from '@patchbay/plugin-sdk';
import type { MessageReading } from '@patchbay/plugin-sdk';
import { bodyOf } from './bodies.ts';
import { eventsIn } from './event-list.ts';
import { violationEvent } from './violation-event.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const severities = {
      error: 'critical',
      warn: 'warning',
      info: 'info',
      ...(Object(configuration.severities) as object),
    };
    const severity = severityReader({ ...configuration, severities }, 'error');
    const mapping = readMapping(configuration, 'appdynamics');
    const readings = messagesIn(bodyOf(request), mapping).flatMap(({ message, place }): MessageReading[] => {
      if (isMapped(mapping)) return [mapped(message, mapping, place)];
      // A template for another product names its fields like others do; where a type of AppDynamics is in it, that counts.
      const isOwn = /"POLICY_\w+"/.test(JSON.stringify(message) ?? '');
      const product = isOwn ? undefined : productEvent(message, 'appdynamics', severity);
      if (product !== undefined) return [product];
      return eventsIn(message, place).map((entry) => violationEvent(entry.message, entry.place, severity));
    });
    return ingestedFrom(readings, request, 'The list of messages is empty');
  },
});
