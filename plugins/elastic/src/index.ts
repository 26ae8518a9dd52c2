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
import { alertEvent } from './alert-event.ts';
import { alertsIn } from './alerts.ts';
import { bodiesOf } from './bodies.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const mapping = readMapping(configuration, 'elastic');
    const severity = severityReader(configuration, 'error');
    const placed = bodiesOf(request).flatMap((body) => messagesIn(body, mapping));
    const readings = placed.flatMap(({ message, place }): MessageReading[] => {
      if (isMapped(mapping)) return [mapped(message, mapping, place)];
      if (typeof message !== 'object' || message === null || Array.isArray(message))
        return [{ issues: [{ path: place.replace(/\.$/, ''), message: 'Expected an object' }] }];
      const alerts = alertsIn(message as Record<string, unknown>).map((alert) => alertEvent(alert, place, severity));
      const product = alerts.some((alert) => 'issues' in alert)
        ? productEvent(message, 'elastic', severity)
        : undefined;
      return product === undefined ? alerts : [product];
    });
    return ingestedFrom(readings, request, 'The summary holds no alerts');
  },
});
