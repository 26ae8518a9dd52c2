import { dedupKey, detailsOf, eventOf, firstText } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload } from '@patchbay/plugin-sdk';
import { fieldsOf, firstOf } from './message.ts';
import type { Settings } from './settings.ts';

/** How the alerts before 2016 begin their descriptions: they have no other place for their state. */
const BEGINNINGS: [beginning: RegExp, action: EventAction][] = [
  [/^(new alert|alert opened|alert escalated|escalated)\b/i, 'trigger'],
  [/^(ended alert|alert (ended|closed|recovered)|closed alert|recovered)\b/i, 'resolve'],
  [/^(alert acknowledged|acknowledged)\b/i, 'acknowledge'],
];

/** An alert of the product before New Relic Alerts: applications, servers, plugins, without an id. */
export function legacyEvent(message: unknown, settings: Settings): EventPayload | { ignored: string } | undefined {
  const fields = fieldsOf(message);
  if (fields.text('deployed_by', 'revision', 'changelog', 'deployment') !== undefined)
    return { ignored: 'A deployment of New Relic is no alert' };
  const text = fields.text('message');
  const short = fields.text('short_description');
  const long = fields.text('long_description');
  const url = fields.text('alert_url');
  if (short === undefined && (long === undefined || url === undefined)) return undefined;

  const account = fields.text('account_name', 'account_id') ?? 'account';
  const place = firstText(
    fields.text('application_name'),
    firstOf(fields.value('servers')),
    fields.text('key_transaction_name', 'plugin_name', 'mobile_application_name'),
    fields.text('alert_policy_name'),
  );
  const incident = /\/incidents\/(\d{1,30})/.exec(url ?? '')?.[1];
  const problem = text ?? long ?? short ?? 'alert';
  return eventOf({
    action: actionOf(short, long),
    key:
      incident === undefined
        ? dedupKey('newrelic', account, place ?? 'alert', problem)
        : dedupKey('newrelic', account, incident),
    summary: [place === undefined ? problem : `${place}: ${problem}`],
    source: [place, account, 'New Relic'],
    severity: settings.severity(fields.text('severity')),
    kind: 'legacy alert',
    component: place,
    group: fields.text('alert_policy_name'),
    timestamp: fields.value('created_at'),
    links: [[url, 'New Relic']],
    details: detailsOf(message),
  });
}

function actionOf(...descriptions: (string | undefined)[]): EventAction {
  for (const description of descriptions)
    for (const [beginning, action] of BEGINNINGS)
      if (description !== undefined && beginning.test(description)) return action;
  return 'trigger';
}
