import { dedupKey, detailsOf, eventOf, firstText, hostOf, textOf } from '@patchbay/plugin-sdk';
import type { EventPayload, Severity } from '@patchbay/plugin-sdk';

type Fields = Record<string, unknown>;

/**
 * The webhook of an alert in Splunk itself, which fires and never says that it is over; undefined for other messages.
 * https://docs.splunk.com/Documentation/Splunk/latest/Alert/Webhooks
 */
export function savedSearch(message: unknown, severity: (word: unknown) => Severity): EventPayload | undefined {
  if (typeof message !== 'object' || message === null || !('sid' in message)) return undefined;
  if (!('results_link' in message) && !('search_name' in message)) return undefined;
  const { search_name, app, owner, results_link, result, sid } = message as Fields;
  const row = Object(result) as Fields;
  // A search that was never saved has no name: its own id is all there is, without the time of this one run.
  const name = firstText(search_name, textOf(sid)?.replace(/_at_\d{9,11}(_.*)?$/, '')) ?? 'search';
  const host = firstText(row.host, row.dest, row.src_host);
  const server = hostOf(textOf(results_link));
  const text = firstText(row.message, row._raw);
  return eventOf({
    action: 'trigger',
    key: dedupKey('splunk-oncall', server ?? 'splunk', firstText(app, owner) ?? 'app', name),
    summary: [`${name}${host === undefined ? '' : ` on ${host}`}${text === undefined ? '' : `: ${text}`}`],
    source: [host, server, 'Splunk'],
    severity: severity(row.severity ?? row.urgency),
    kind: 'saved search',
    component: host,
    group: app,
    links: [[results_link, 'Results']],
    details: detailsOf(message),
  });
}
