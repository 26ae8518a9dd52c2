/** True when the row is there already: SQLSTATE 23505, from node-postgres and PGlite alike. */
export function isDuplicate(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}
