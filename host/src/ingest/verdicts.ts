import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { PluginOutcome } from './plugin-call.ts';
import { boundedText } from '../store/storable.ts';
import type { RequestVerdict } from './request-row.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Waits before the second attempt and those after it; the last is used again. */
const PENDING_WAITS_MS = [
  5 * SECOND_MS,
  15 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  60 * MINUTE_MS,
  180 * MINUTE_MS,
];
const SANDBOX_WAIT_MS = 5 * SECOND_MS;
const REASON_CHARS = 512;

const plain = {
  code: null,
  reason: null,
  issues: null,
  logs: null,
  attempts: 1,
  nextAttemptAt: null,
  claim: null,
} as const;

/**
 * What becomes of a request whose plugin has given this outcome.
 *
 * @param attempts made so far, with this one
 * @param acceptInvalid the sender is never told that a payload is invalid
 */
export function verdictOf(
  outcome: PluginOutcome,
  attempts: number,
  acceptInvalid: boolean,
  durationMicros: number,
  now: number,
): RequestVerdict {
  const { logs } = outcome;
  switch (outcome.outcome) {
    case 'understood': {
      const { result, note } = outcome;
      const status = result.answer?.status ?? 202;
      const code = note?.code ?? null;
      const said = result.outcome === 'ignored' ? result.reason : (note?.reason ?? null);
      const reason = said === null ? null : boundedText(said, REASON_CHARS);
      const state = result.outcome === 'events' ? 'accepted' : 'ignored';
      return { ...plain, state, status, code, reason, logs, attempts, durationMicros };
    }
    case 'invalid':
      return {
        ...plain,
        state: 'invalid',
        status: acceptInvalid ? 202 : 400,
        code: 'PAYLOAD_INVALID',
        reason: boundedText(outcome.reason, REASON_CHARS),
        issues: outcome.issues,
        logs,
        attempts,
        durationMicros,
      };
    case 'failed': {
      const failure = { code: outcome.code, reason: outcome.reason, logs, durationMicros };
      // What our own sandbox could not run is no attempt of the plugin.
      if (outcome.fault === 'sandbox') return { ...plain, ...failure, ...pending(attempts - 1, SANDBOX_WAIT_MS, now) };
      if (attempts >= ingestLimits.pendingAttempts)
        return { ...plain, ...failure, state: 'dead', status: 202, attempts };
      return { ...plain, ...failure, ...pending(attempts, waitAfter(attempts), now) };
    }
  }
}

/** What the log says of a sender that gets the operator's answer where the plugin gave none. */
export function withOwnStatus(
  verdict: RequestVerdict,
  outcome: PluginOutcome,
  response: { readonly status: number } | null,
): RequestVerdict {
  const answered = outcome.outcome === 'understood' && outcome.result.answer !== undefined;
  return response === null || answered || verdict.status >= 300 ? verdict : { ...verdict, status: response.status };
}

/** A request whose plugin is still running when its sender must be answered. */
export function lateVerdict(
  claim: { id: string; until: number },
  response: { readonly status: number } | null,
  durationMicros: number,
): RequestVerdict {
  const reason = 'The plugin needs longer than the sender can wait.';
  return {
    ...plain,
    state: 'pending',
    status: response?.status ?? 202,
    reason,
    attempts: 0,
    durationMicros,
    nextAttemptAt: claim.until,
    claim,
  };
}

/** A request that was refused at the door. */
export function refusedVerdict(status: number, code: string, reason: string, durationMicros: number): RequestVerdict {
  return {
    ...plain,
    state: 'refused',
    status,
    code,
    reason: boundedText(reason, REASON_CHARS),
    attempts: 0,
    durationMicros,
  };
}

/** A request that the host has dealt with itself. */
export function ignoredVerdict(status: number, reason: string, durationMicros: number): RequestVerdict {
  return { ...plain, state: 'ignored', status, reason, attempts: 0, durationMicros };
}

function pending(attempts: number, waitMs: number, now: number) {
  return { state: 'pending', status: 202, attempts, nextAttemptAt: now + waitMs } as const;
}

function waitAfter(attempts: number): number {
  const wait = PENDING_WAITS_MS[Math.min(attempts, PENDING_WAITS_MS.length) - 1] ?? SECOND_MS;
  return wait * (1 + 0.2 * Math.random());
}
