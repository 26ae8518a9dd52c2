import { defineIntegration, fitOutput, ignored, severityReader, textOf } from '@patchbay/plugin-sdk';
import { alertEvent } from './alert-event.ts';
import { alertmanagerSchema } from './alertmanager.schema.ts';

export default defineIntegration({
  ingest(request, { configuration, log }) {
    const message = request.parse(alertmanagerSchema, wrapped(request.json()));
    const alerts = message.alerts ?? [];
    if (alerts.length === 0) return ignored('The message holds no alerts');
    const missing = Number(message.truncatedAlerts ?? 0);
    if (missing > 0) log.warn('Alertmanager left alerts out of the message (max_alerts)', { missing });
    const settings = {
      severity: severityReader(configuration, 'error'),
      severityLabel: textOf(configuration.severityLabel) ?? 'severity',
    };
    const events = alerts.map((alert) => alertEvent(alert, message, settings));
    return fitOutput(events, request.text().length);
  },
});

/** Senders that imitate Prometheus itself post its alerts as a list, or one alone, without Alertmanager's message around. */
function wrapped(body: unknown): unknown {
  if (Array.isArray(body)) return { alerts: body };
  if (typeof body !== 'object' || body === null || 'alerts' in body) return body;
  if ('labels' in body) return { alerts: [body] };
  // Alertmanager before 0.1 called the list by its singular.
  return 'alert' in body && Array.isArray(body.alert) ? { ...body, alerts: body.alert } : body;
}
