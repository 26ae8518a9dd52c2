import type { DeliverResult, LinkedObject } from '../contract/envelopes.ts';
import { askNumber } from './answered-ask.ts';
import type { PatchbayError } from './patchbay-error.ts';

/** The change has arrived; `linked` names what now stands for the incident outside. */
export function delivered(about: { note?: string; linked?: LinkedObject } = {}): DeliverResult {
  return { outcome: 'delivered', ...about };
}

/** There is nothing to do for this change. */
export function skipped(reason: string): DeliverResult {
  return { outcome: 'skipped', reason: cut(reason) };
}

/** When and why another attempt may succeed. */
export interface Retry {
  /** Seconds until the earliest time for it; else the destination's schedule decides. */
  after?: number | undefined;
  /**
   * Responses, and errors of requests, that call for another attempt although they do not look like it: a 403 that
   * means a limit, a 200 with an error inside. Requests without an answer that may be repeated, 408, 425, 429 and 5xx
   * call for one by themselves.
   */
  answers?: readonly (Response | PatchbayError)[] | undefined;
}

/**
 * Another attempt may succeed. It replays this one, and asks again for the answers that call for it, of those that
 * came since the plugin's last request: what was done before stays done. If there are none, the delivery is dead.
 *
 * @param when a number is `after`
 */
export function retry(reason: string, when: number | Retry = {}): DeliverResult {
  const { after, answers = [] } = typeof when === 'number' ? { after: when } : when;
  const named = answers.map(askNumber).filter((number) => number !== undefined);
  return {
    outcome: 'retry',
    reason: cut(reason),
    ...(after === undefined ? {} : { retryAfterSeconds: after }),
    ...(named.length === 0 ? {} : { answers: named }),
  };
}

/** No attempt can succeed; a person has to look at it. */
export function failed(reason: string): DeliverResult {
  return { outcome: 'failed', reason: cut(reason) };
}

function cut(reason: string): string {
  return reason.slice(0, 512);
}
