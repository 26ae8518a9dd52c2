import { defineIntegration, ignored, severityReader } from '@patchbay/plugin-sdk';
import { alertAction, alertEvent } from './alert-event.ts';
import { actionSchema, alertSchema } from './opsgenie.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const { action, alert } = request.parse(actionSchema);
    if (alert === undefined || alert === null) return ignored(`"${action.slice(0, 60)}" is about no alert`);
    const done = alertAction(action);
    if (done === undefined) return ignored(`The action "${action.slice(0, 60)}" changes no incident here`);
    return alertEvent(done, request.parse(alertSchema), severityReader(configuration, 'warning'), configuration.site);
  },
});
