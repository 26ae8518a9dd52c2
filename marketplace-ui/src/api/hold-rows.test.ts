import { describe, expect, it } from 'vitest';
import { holdRows } from './hold-rows.ts';

interface Row {
  id: string;
  text?: string;
}
const keyOf = (row: Row) => row.id;
const rows = (...ids: string[]): Row[] => ids.map((id) => ({ id }));

describe('holdRows', () => {
  it('holds back what came above', () => {
    expect(holdRows(rows('e', 'd', 'c', 'b'), ['c', 'b'], keyOf)).toEqual({ rows: rows('c', 'b'), held: 2 });
  });

  it('keeps the order that is being read, with new content', () => {
    const moved = [{ id: 'b', text: 'updated' }, ...rows('d', 'c', 'a')];
    expect(holdRows(moved, ['d', 'c', 'b', 'a'], keyOf).rows.map(keyOf)).toEqual(['d', 'c', 'b', 'a']);
    expect(holdRows(moved, ['d', 'c', 'b', 'a'], keyOf).rows[2]?.text).toBe('updated');
  });

  it('adds an older page, and drops what is gone', () => {
    expect(holdRows(rows('d', 'c', 'b', 'a'), ['x', 'c'], keyOf)).toEqual({ rows: rows('c', 'b', 'a'), held: 1 });
  });

  it('shows everything when nothing was on the screen', () => {
    expect(holdRows(rows('b', 'a'), [], keyOf)).toEqual({ rows: rows('b', 'a'), held: 0 });
  });
});
