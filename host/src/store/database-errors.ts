/** SQLSTATEs after which the same transaction may succeed: deadlock, serialization failure. */
const RETRYABLE = new Set(['40P01', '40001']);

/**
 * Connection lost or refused, server shutting down or starting, too many connections, read-only after a failover
 * (PostgreSQL manual, appendix A; Node's system error codes).
 */
const GONE = new Set([
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  '25006',
  '53300',
  '57P01',
  '57P02',
  '57P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

// node-postgres and PGlite report these without a code.
const GONE_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Cannot use a pool after calling end|PGlite is clos|Client was closed|driver has already been destroyed)/;

export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(codeOf(error));
}

/** True when the database cannot be reached now, which says nothing about the statement. */
export function isDatabaseGone(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseGone);
  if (GONE.has(codeOf(error))) return isFromDriver(error);
  return error instanceof Error && GONE_MESSAGE.test(error.message);
}

/** True when the row is there already (unique or exclusion constraint). */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** ENOENT of a file is not a missing database socket: connect errors name the system call. */
function isFromDriver(error: unknown): boolean {
  if (codeOf(error) !== 'ENOENT') return true;
  return (error as NodeJS.ErrnoException).syscall === 'connect';
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
