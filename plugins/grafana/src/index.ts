import { defineIntegration, fitOutput, ignored } from '@patchbay/plugin-sdk';
import { legacyEvent } from './legacy-event.ts';
import { legacySchema } from './legacy.schema.ts';
import { isOnCall, onCallEvent } from './on-call-event.ts';
import { onCallSchema } from './on-call.schema.ts';
import { readSettings } from './settings.ts';
import { isUnifiedTest, unifiedEvent } from './unified-event.ts';
import { unifiedSchema } from './unified.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    const body = request.json();
    // Unified messages also carry the legacy state; only the list of alerts tells the two apart.
    const isLegacy =
      typeof body === 'object' && body !== null && !('alerts' in body) && 'state' in body && !isOnCall(body);
    if (isLegacy) {
      const event = legacyEvent(request.parse(legacySchema), settings);
      return 'ignored' in event ? ignored(event.ignored) : [event];
    }
    if (isOnCall(body)) {
      const reading = onCallEvent(request.parse(onCallSchema), settings);
      return 'ignored' in reading ? ignored(reading.ignored) : [reading];
    }
    const message = request.parse(unifiedSchema);
    const alerts = message.alerts ?? [];
    if (alerts.length === 0) return ignored('The message holds no alerts');
    if (settings.ignoreTests && isUnifiedTest(message)) return ignored("Grafana's test notification arrived");
    const events = alerts.map((alert) => unifiedEvent(alert, message, settings));
    return fitOutput(events, request.text().length);
  },
});
