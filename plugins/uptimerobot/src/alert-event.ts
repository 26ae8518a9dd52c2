import { dedupKey, eventOf, hostOf, looseFields, redactText } from '@patchbay/plugin-sdk';
import type { MessageReading, Severity } from '@patchbay/plugin-sdk';
import { alertState } from './alert-state.ts';

export interface Settings {
  downSeverity: Severity;
  expirySeverity: Severity;
}

/**
 * Reads an alert by the names of UptimeRobot's variables, whatever their case and separators, because operators write
 * the body themselves.
 */
export function alertEvent(message: unknown, place: string, settings: Settings): MessageReading {
  const fields = looseFields(message);
  const id = fields.text('monitorID', 'id');
  const address = fields.text('monitorURL', 'url');
  const url = address === undefined ? undefined : redactText(address);
  const name = fields.text('monitorFriendlyName', 'friendlyName', 'monitorName', 'alertName', 'name');
  const subject = id ?? url ?? name;
  if (subject === undefined)
    return { issues: [{ path: `${place}monitorID`, message: 'Needed to know which monitor this is about' }] };

  const type = fields.text('alertType', 'type');
  const word = fields.text('alertTypeFriendlyName', 'alertTypeName', 'friendlyType', 'status', 'state');
  if (type === undefined && word === undefined)
    return { issues: [{ path: `${place}alertType`, message: 'Needed to know whether the monitor is down or up' }] };
  const state = alertState(type, word);
  if (state === undefined)
    return { ignored: `The alert type "${(word ?? type ?? '').slice(0, 60)}" says neither down nor up` };

  const details = fields.text('alertDetails', 'details', 'reason', 'message');
  const monitor = name ?? url ?? `Monitor ${subject}`;
  const sentence = `${monitor} ${state.words}`;
  return eventOf({
    action: state.action,
    key: dedupKey('uptimerobot', state.about === 'uptime' ? subject : `${subject}:${state.about}`),
    summary: [state.action === 'resolve' || details === undefined ? sentence : `${sentence}: ${redactText(details)}`],
    source: [hostOf(url), url, monitor],
    severity: state.about === 'uptime' ? settings.downSeverity : settings.expirySeverity,
    kind: state.about,
    component: monitor,
    timestamp: fields.text('alertDateTime', 'alertDate', 'datetime'),
    links: [
      [/^\d{1,20}$/.test(id ?? '') ? `https://dashboard.uptimerobot.com/monitors/${id}` : undefined, 'Monitor'],
      [url, 'What is checked'],
    ],
    details: {
      alertType: type ?? null,
      alertTypeFriendlyName: word ?? null,
      alertDetails: details === undefined ? null : redactText(details),
      alertDuration: fields.text('alertFriendlyDuration', 'alertDuration', 'duration') ?? null,
      sslExpiryDate: fields.text('sslExpiryDate') ?? null,
      sslExpiryDaysLeft: fields.text('sslExpiryDaysLeft') ?? null,
    },
  });
}
