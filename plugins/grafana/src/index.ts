import { defineIntegration, fitOutput, ignored, productEvent } from '@patchbay/plugin-sdk';
import { legacyEvent } from './legacy-event.ts';
import { legacySchema } from './legacy.schema.ts';
import { onCallEvent } from './on-call-event.ts';
import { onCallSchema } from './on-call.schema.ts';
import { readSettings } from './settings.ts';
import { isUnifiedTest, unifiedEvents } from './unified-event.ts';
import { unifiedSchema } from './unified.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = readSettings(configuration);
    const body = request.json();
    const hasField = (name: string) => typeof body === 'object' && body !== null && Object.hasOwn(body, name);
    if (hasField('alert_group')) {
      const event = onCallEvent(request.parse(onCallSchema), settings);
      return 'ignored' in event ? ignored(event.ignored) : [event];
    }
    // Since version 12 the body of a contact point may be the operator's own.
    const product = hasField('alerts') ? undefined : productEvent(body, 'grafana', settings.severity);
    if (product !== undefined) return [product];
    // Unified messages also carry the legacy state; only the list of alerts tells the two apart.
    if (!hasField('alerts') && hasField('state')) {
      const event = legacyEvent(request.parse(legacySchema), settings);
      return 'ignored' in event ? ignored(event.ignored) : [event];
    }
    // OnCall and other forwarders post each alert of a message alone.
    const isAlone = !hasField('alerts') && hasField('labels') && hasField('status');
    const message = request.parse(unifiedSchema, isAlone ? { alerts: [body] } : body);
    if ((message.alerts ?? []).length === 0) return ignored('The message holds no alerts');
    if (settings.ignoreTests && isUnifiedTest(message)) return ignored("Grafana's test notification arrived");
    return fitOutput(unifiedEvents(message, settings), request.text().length);
  },
});
