import type { ErrorCode } from '../contract/error-codes.ts';
import type { RunResult } from '../contract/run.ts';

const NO_USAGE = { cpuMicros: 0, memoryBytes: 0 };

/** No run took place; trying again may help. */
export function unavailable(message: string): RunResult {
  return failure('sandbox', 'SANDBOX_UNAVAILABLE', message);
}

/** The result of a run that the child could not answer itself. */
export function failure(fault: 'plugin' | 'sandbox', code: ErrorCode, message: string, usage = NO_USAGE): RunResult {
  return { status: 'failed', fault, code, message, logs: [], usage };
}
