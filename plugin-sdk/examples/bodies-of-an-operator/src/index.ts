import {
  dedupKey,
  defineIntegration,
  detailsOf,
  eventOf,
  ingestedFrom,
  isMapped,
  looseFields,
  mapped,
  messageOf,
  messagesIn,
  pathsOf,
  productEvent,
  readMapping,
  readMessages,
  valueAt,
  type LooseFields,
  type Mapped,
  type Mapping,
  type MessageReading,
  type PlacedMessage,
} from '@patchbay/plugin-sdk';

export default defineIntegration({
  ingest(request, { configuration }) {
    const mapping = readMapping(configuration, 'operator');
    if (pathsOf(configuration.onlyPath).length === 0)
      return readMessages(request, mapping, (message, place) => byNames(message, place, mapping));
    // What readMessages does, with a condition of this plugin's own.
    const placed = messagesIn(messageOf(request), mapping);
    return ingestedFrom(
      placed.map((one) => wanted(one, configuration.onlyPath, mapping)),
      request,
      'There is no message',
    );
  },
});

function wanted({ message, place }: PlacedMessage, onlyPath: unknown, mapping: Mapping): MessageReading {
  const said = pathsOf(onlyPath).every(({ steps }) => valueAt(message, steps) !== undefined);
  if (!said) return { ignored: 'The message lacks what the settings ask for' };
  return isMapped(mapping) ? mapped(message, mapping, place) : byNames(message, place, mapping);
}

/** Without a mapping: by what the names of the fields mean, or in the format of a product for incidents. */
function byNames(message: unknown, place: string, mapping: Mapping): Mapped {
  const fields: LooseFields = looseFields(message);
  const summary = fields.text('summary', 'title');
  if (summary === undefined) {
    const event = productEvent(message, mapping.vendor, mapping.severityOf);
    return event === undefined ? { issues: [{ path: place, message: 'There is no summary' }] } : { event };
  }
  return {
    event: eventOf({
      action: 'trigger',
      key: dedupKey(mapping.vendor, fields.text('id') ?? summary),
      summary: [summary],
      source: [fields.value('host')],
      severity: mapping.severityOf(fields.value('severity')),
      kind: 'alert',
      links: [],
      details: detailsOf(message),
    }),
  };
}
