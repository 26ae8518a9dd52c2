import {
  clip,
  defineIntegration,
  dedupKey,
  firstText,
  fitOutput,
  hostOf,
  instantText,
  isPlaceholder,
  labelText,
  linksFrom,
  redactText,
  severityReader,
  sourceText,
  summaryText,
  textOf,
  webUrl,
  type EventAction,
  type EventDetails,
  type EventPayload,
  type Severity,
} from '@patchbay/plugin-sdk';

interface Alarm {
  id?: unknown;
  state?: unknown;
  level?: unknown;
  title?: unknown;
  text?: unknown;
  url?: unknown;
  graph?: unknown;
  team?: unknown;
  at?: unknown;
}

export default defineIntegration({
  ingest(request, { configuration }) {
    const alarms = [request.json() as Alarm | Alarm[]].flat();
    const severity = severityReader(configuration, 'warning');
    const events = alarms.map((alarm) => eventFrom(alarm, severity(alarm.level)));
    return fitOutput(events, request.text().length);
  },
});

function eventFrom(alarm: Alarm, severity: Severity): EventPayload {
  const action: EventAction = textOf(alarm.state) === 'over' ? 'resolve' : 'trigger';
  const team = isPlaceholder(alarm.team) ? undefined : labelText(alarm.team);
  const timestamp = instantText(alarm.at);
  const graph = webUrl(alarm.graph);
  const payload: EventDetails = {
    summary: summaryText(alarm.title, alarm.text),
    source: sourceText(hostOf(alarm.url), 'alarms'),
    severity,
    ...(team !== undefined && { group: team }),
    ...(timestamp !== undefined && { timestamp }),
    custom_details: { text: clip(redactText(firstText(alarm.text, alarm.title) ?? ''), 200) },
  };
  return {
    event_action: action,
    dedup_key: dedupKey('alarms', textOf(alarm.id) ?? payload.summary),
    payload,
    links: linksFrom([alarm.url, 'The alarm']),
    ...(graph !== undefined && { images: [{ src: graph }] }),
  };
}
