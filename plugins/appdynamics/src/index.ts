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
import { bodyOf } from './bodies.ts';
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
    const readings = messagesIn(bodyOf(request), mapping).map(({ message, place }) =>
      isMapped(mapping)
        ? mapped(message, mapping, place)
        : (productEvent(message, 'appdynamics', severity) ?? violationEvent(message, place, severity)),
    );
    return ingestedFrom(readings, request, 'The list of messages is empty');
  },
});
