import { runtime } from './runtime.ts';
import type { EventPayload } from '../contract/event-payload.ts';

/**
 * Makes an event, as an integration makes one of a request; `kind` is one of `permissions.emit`. It counts when the
 * delivery has ended, once, and is not delivered to this installation. Needs `permissions.emit`.
 */
export async function emit(kind: string, event: EventPayload): Promise<void> {
  await runtime().ask('emit', { kind, data: event });
}
