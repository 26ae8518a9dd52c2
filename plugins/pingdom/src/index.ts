import { defineIntegration, ignored, messageOf, severityReader } from '@patchbay/plugin-sdk';
import type { IngestRequest, Severity } from '@patchbay/plugin-sdk';
import { checkEvent, legacyEvent } from './check-event.ts';
import { checkSchema, legacySchema } from './check.schema.ts';
import { legacyMessage } from './legacy-message.ts';

/** Pingdom knows two levels, and HIGH is the one that checks have unless somebody lowers it. */
const LEVELS = new Map<unknown, Severity>([
  ['HIGH', 'critical'],
  ['LOW', 'info'],
]);

export default defineIntegration({
  ingest(request, { configuration }) {
    const reading = read(request, importanceReader(configuration));
    return 'ignored' in reading ? ignored(reading.ignored) : reading;
  },
});

function read(request: IngestRequest, severity: (level: unknown) => Severity) {
  const message = messageOf(request);
  const legacy = legacyMessage(message);
  if (legacy !== undefined) return legacyEvent(request.parse(legacySchema, legacy), severity);
  return checkEvent(request.parse(checkSchema, message), severity);
}

/** The operator's own words go before Pingdom's, and these before the common ones. */
function importanceReader(configuration: Record<string, unknown>): (level: unknown) => Severity {
  const own = Object.entries(Object(configuration.severities) as Record<string, unknown>);
  const words = new Map(own.map(([word, severity]) => [word.trim().toUpperCase(), severity]));
  const common = severityReader(configuration, 'critical');
  return (level) => {
    const word = typeof level === 'string' ? level.trim().toUpperCase() : level;
    return words.has(String(word)) ? common(level) : (LEVELS.get(word) ?? common(level));
  };
}
