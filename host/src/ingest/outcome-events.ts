import type { KeyedEvent } from '../incidents/keyed-event.ts';
import { keyedEvents, type EventHome } from './normalise-event.ts';
import type { PluginOutcome } from './plugin-call.ts';
import type { RequestRow } from './request-row.ts';

/** Events with their keys; a result from which none can be made is a mistake of the plugin. */
export function eventsOf(
  home: EventHome,
  request: Pick<RequestRow, 'requestId' | 'order'>,
  outcome: PluginOutcome,
): { outcome: PluginOutcome; list: KeyedEvent[] } {
  if (outcome.outcome !== 'understood' || outcome.result.outcome !== 'events') return { outcome, list: [] };
  try {
    return { outcome, list: keyedEvents(home, request, outcome.result.events) };
  } catch (error) {
    const reason = `The events cannot be stored: ${error instanceof Error ? error.message : String(error)}`;
    const { logs } = outcome;
    return { outcome: { outcome: 'failed', fault: 'plugin', code: 'OUTPUT_INVALID', reason, logs }, list: [] };
  }
}
