import type { z } from 'zod';
import { ApiError } from './api-error.ts';

/** An opaque place in a list: the sort key of the last row that was shown. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws ApiError BODY_INVALID for a cursor that this list did not make */
export function decodeCursor<T extends z.ZodType>(schema: T, cursor: string): z.output<T> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new ApiError('BODY_INVALID', 'The cursor is not valid; start from the first page', {
      details: [{ path: 'cursor', message: 'Not a cursor of this list' }],
      cause,
    });
  }
}

/**
 * Cuts a page from rows that were read with one more than the limit.
 *
 * @param rows at most `limit + 1` rows in list order
 * @param keyOf the sort key of a row
 */
export function cutPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number)[],
  show: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(show), next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
