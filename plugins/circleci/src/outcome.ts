import type { EventAction, Severity } from '@patchbay/plugin-sdk';

export interface Outcome {
  action: EventAction;
  severity: Severity;
  verb: string;
}

const FAILED: Outcome = { action: 'trigger', severity: 'error', verb: 'failed' };
const FIXED: Outcome = { action: 'resolve', severity: 'info', verb: 'succeeded' };

/** https://circleci.com/docs/outbound-webhooks-reference/#workflow and #job, and the outcomes of CircleCI 1.0. */
const OUTCOMES = new Map<string, Outcome>([
  ['success', FIXED],
  ['fixed', FIXED],
  ['failed', FAILED],
  ['error', { ...FAILED, verb: 'ended with an error' }],
  ['timedout', { ...FAILED, verb: 'timed out' }],
  ['infrastructure_fail', { ...FAILED, verb: 'failed because of the infrastructure' }],
  ['unauthorized', { ...FAILED, severity: 'warning', verb: 'was not allowed to run' }],
]);

/** Undefined for what was canceled, is on hold or runs: it says neither that it works nor that it is broken. */
export function outcomeOf(status: string, failure: Severity): Outcome | undefined {
  const outcome = OUTCOMES.get(status.trim().toLowerCase());
  return outcome?.severity === 'error' ? { ...outcome, severity: failure } : outcome;
}
