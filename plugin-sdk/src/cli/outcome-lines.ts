import type { LogLine } from '../contract/run.ts';
import type { DeliverResult, IngestResult } from '../contract/envelopes.ts';
import type { RunError } from '../testing/plugin-sandbox.ts';

/** What came of a run, as a person reads it. */
export function outcomeLines(outcome: IngestResult | DeliverResult | RunError): string[] {
  switch (outcome.outcome) {
    case 'events':
      return [
        `events: ${outcome.events.length}`,
        ...outcome.events.map(({ event_action, dedup_key, payload }) =>
          [`  ${event_action}`, payload?.severity, JSON.stringify(dedup_key), payload?.summary]
            .filter((part) => part !== undefined)
            .join('  '),
        ),
      ];
    case 'invalid':
      return [
        `refused: ${outcome.reason}`,
        ...outcome.issues
          .filter(({ path, message }) => path !== '' || message !== outcome.reason)
          .map(({ path, message }) => `  ${path || 'body'}: ${message}`),
      ];
    case 'error':
      return [
        `${outcome.code}: ${outcome.message}`,
        ...(outcome.error === undefined ? [] : [`  ${outcome.error.name}: ${outcome.error.message}`]),
        ...(outcome.error?.stack ?? '').split('\n').filter((frame) => frame.trim() !== ''),
      ];
    case 'delivered':
      return [`delivered${outcome.note === undefined ? '' : `: ${outcome.note}`}`];
    case 'ignored':
    case 'skipped':
    case 'retry':
    case 'failed':
      return [`${outcome.outcome}: ${outcome.reason}`];
  }
}

/** A line that the plugin logged, with its fields. */
export function logLine({ level, message, fields }: LogLine): string {
  return `log ${level}: ${message}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}`;
}
