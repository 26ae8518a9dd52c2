import { jsonFrom } from '@patchbay/plugin-sdk';

/** The message of Pingdom's BeepManager, out of the parameter that holds it as JSON; undefined for every other body. */
export function legacyMessage(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || 'check_id' in body) return undefined;
  if ('check' in body && 'action' in body) return body;
  if (!('message' in body) || typeof body.message !== 'string') return undefined;
  const inner = jsonFrom(body.message);
  return typeof inner === 'object' && inner !== null && 'check' in inner ? inner : undefined;
}
