import { describe, expect, it } from 'vitest';
import { lineDiff } from './line-diff.ts';

const marks = { same: ' ', added: '+', removed: '-' } as const;
const shown = (before: string, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${marks[kind]}${text}`);

describe('the difference of two texts', () => {
  it('keeps what is in both, and numbers both sides', () => {
    expect(shown('a\nb\nc\n', 'a\nx\nc\n')).toEqual([' a', '-b', '+x', ' c']);
    expect(lineDiff('a\nb\n', 'b\nc\n')).toEqual([
      { kind: 'removed', text: 'a', before: 1, after: null },
      { kind: 'same', text: 'b', before: 2, after: 1 },
      { kind: 'added', text: 'c', before: null, after: 2 },
    ]);
  });

  it('knows nothing, all and the same', () => {
    expect(shown('', 'a\n')).toEqual(['+a']);
    expect(shown('a\n', '')).toEqual(['-a']);
    expect(shown('a\na\n', 'a\na\n')).toEqual([' a', ' a']);
    expect(shown('', '')).toEqual([]);
    expect(shown('a\n', 'a\na\n')).toEqual([' a', '+a']);
  });

  it('gives each text again from its side, for any two', () => {
    const words = ['a', 'b', '', 'c'];
    let seed = 7;
    const next = (below: number) => (seed = (seed * 16_807) % 2_147_483_647) % below;
    const text = () => Array.from({ length: next(12) }, () => `${words[next(4)] ?? ''}\n`).join('');
    for (let round = 0; round < 300; round++) {
      const [before, after] = [text(), text()];
      const lines = lineDiff(before, after);
      const side = (hidden: 'added' | 'removed') =>
        lines.flatMap(({ kind, text: line }) => (kind === hidden ? [] : [`${line}\n`])).join('');
      expect(side('added')).toBe(before);
      expect(side('removed')).toBe(after);
    }
  });
});
