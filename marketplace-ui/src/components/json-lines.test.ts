import { expect, it } from 'vitest';
import { jsonLines, pathsFrom, tryJson } from './json-lines.ts';

const value = { status: 'firing', alerts: [{ labels: { a: 1 } }, null], empty: {} };

function drawn(folded: Iterable<string> = []): string {
  return jsonLines(value, new Set(folded))
    .map(
      (line) =>
        `${' '.repeat(line.depth)}${line.name === null ? '' : `"${line.name}": `}${line.text}${line.comma ? ',' : ''}`,
    )
    .join('\n');
}

it('draws what JSON.stringify would write', () => {
  expect(drawn().replaceAll(/^\s+/gm, '')).toBe(JSON.stringify(value, null, 1).replaceAll(/^\s+/gm, ''));
});

it('folds one entry and keeps its comma and size', () => {
  const folded = jsonLines(value, new Set(['$.alerts']));
  expect(folded.find((line) => line.kind === 'folded')).toMatchObject({ name: 'alerts', size: 2, comma: true });
  expect(drawn(['$.alerts'])).not.toContain('labels');
});

it('finds what to fold from a depth', () => {
  expect(pathsFrom(value, 2)).toEqual(new Set(['$.alerts[0]', '$.alerts[0].labels']));
});

it('tells JSON from text', () => {
  expect(tryJson(' {"a":1}')).toEqual({ a: 1 });
  expect(tryJson('{not json')).toBeUndefined();
  expect(tryJson('42')).toBeUndefined();
});
