import {
  cloudEventsOf,
  dedupKey,
  defineIntegration,
  ingestedFrom,
  invalid,
  isCloudEvent,
  jsonFrom,
  redact,
  sourceText,
  summaryText,
  textOf,
  type CloudEvent,
  type MessageReading,
} from '@patchbay/plugin-sdk';

export default defineIntegration({
  ingest(request) {
    const wrapped = request.queryValue('event');
    const given = wrapped === undefined ? cloudEventsOf(request) : [jsonFrom(wrapped)].filter(isCloudEvent);
    if (given === undefined) return invalid('This integration takes CloudEvents');
    return ingestedFrom(given.map(reading), request, 'There is no CloudEvent');
  },
});

function reading(event: CloudEvent): MessageReading {
  if (!event.type.endsWith('.failed')) return { ignored: `${event.type} is no failure` };
  return {
    event_action: 'trigger',
    dedup_key: dedupKey(event.source, event.type, textOf(event.subject) ?? ''),
    payload: {
      summary: summaryText(event.subject, event.type),
      source: sourceText(event.source),
      severity: 'error',
      custom_details: { data: redact(event.data) },
    },
  };
}
