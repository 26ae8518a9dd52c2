import {
  accepted,
  dedupKey,
  defineIntegration,
  detailsOf,
  eventOf,
  ignored,
  invalid,
  severityOf,
  type Answer,
  type EventFacts,
  type IngestContext,
  type Ingested,
  type IngestReply,
  type IngestRequest,
} from '@patchbay/plugin-sdk';
import { checkSchema } from './check.schema.ts';

interface Settings {
  minimumFailures: number;
}

/** This sender shows its operator what it was answered. */
const NOTED: Answer = { status: 200, contentType: 'text/plain', body: 'noted' };

export default defineIntegration<Settings>({ ingest });

function ingest(request: IngestRequest, { configuration, log }: IngestContext<Settings>): Ingested {
  if (request.header('x-check-test') !== undefined) return ping('A test of the sender');
  const check = request.parse(checkSchema);
  if (check.state === 'unknown') return invalid('A check is up or down', [{ path: 'state', message: 'Unknown' }]);
  const failures = check.failures ?? 0;
  if (check.state === 'down' && failures < configuration.minimumFailures) {
    log.debug('Too few failures to count', { failures });
    return ignored(`Failed ${failures} times; ${configuration.minimumFailures} count`);
  }
  const facts: EventFacts = {
    action: check.state === 'down' ? 'trigger' : 'resolve',
    key: dedupKey('sites', check.site),
    summary: [check.reason, `${check.site} is ${check.state}`],
    source: [check.site],
    severity: severityOf(check.priority) ?? 'error',
    kind: 'check',
    timestamp: check.at,
    links: [[check.url, 'The check']],
    details: detailsOf(check),
  };
  return accepted(eventOf(facts), NOTED);
}

function ping(reason: string): IngestReply {
  return ignored(reason, NOTED);
}
