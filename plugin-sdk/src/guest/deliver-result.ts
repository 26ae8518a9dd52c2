import type { DeliverResult, LinkedObject } from '../contract/envelopes.ts';

/** The change has arrived; `linked` names what now stands for the incident outside. */
export function delivered(about: { note?: string; linked?: LinkedObject } = {}): DeliverResult {
  return { outcome: 'delivered', ...about };
}

/** There is nothing to do for this change. */
export function skipped(reason: string): DeliverResult {
  return { outcome: 'skipped', reason: cut(reason) };
}

/** Another attempt may succeed; `seconds` is the earliest time for it, or the destination's schedule decides. */
export function retry(reason: string, seconds?: number): DeliverResult {
  return { outcome: 'retry', reason: cut(reason), ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) };
}

/** No attempt can succeed; a person has to look at it. */
export function failed(reason: string): DeliverResult {
  return { outcome: 'failed', reason: cut(reason) };
}

function cut(reason: string): string {
  return reason.slice(0, 512);
}
