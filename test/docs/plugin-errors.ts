import type { ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';

/** Errors of an ask: a plugin can catch them as a `PatchbayError`. */
export const caughtErrors = [
  'ASK_INVALID',
  'CAPTURE_MISSED',
  'CONFLICT',
  'EGRESS_BLOCKED',
  'EGRESS_FAILED',
  'EGRESS_TIMEOUT',
  'EMIT_REFUSED',
  'JOURNAL_TOO_LARGE',
  'OUTCOME_UNKNOWN',
  'PERMISSION_DENIED',
  'REQUESTS_EXCEEDED',
  'REQUEST_REFUSED',
  'RESPONSE_TOO_LARGE',
  'SECRET_REFLECTED',
  'STORE_FULL',
  'STORE_VALUE_TOO_LARGE',
  'TOKEN_REFUSED',
  'TOKEN_UNAVAILABLE',
] as const satisfies readonly ErrorCode[];

/** Errors that end a call. */
export const endingErrors = [
  'ASKS_EXCEEDED',
  'CALL_CPU_EXCEEDED',
  'INPUT_TOO_LARGE',
  'LOG_BYTES_EXCEEDED',
  'LOG_LINES_EXCEEDED',
  'MEMORY_EXCEEDED',
  'MODULE_INVALID',
  'NON_DETERMINISTIC',
  'OUTPUT_INVALID',
  'OUTPUT_TOO_LARGE',
  'PLUGIN_ERROR',
  'PLUGIN_QUARANTINED',
  'PLUGIN_TIMEOUT',
  'PLUGIN_TRAP',
  'RUN_CPU_EXCEEDED',
  'SANDBOX_UNAVAILABLE',
  'STALLED',
] as const satisfies readonly ErrorCode[];
