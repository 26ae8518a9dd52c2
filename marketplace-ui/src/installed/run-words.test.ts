import { expect, test } from 'vitest';
import { errorRows, megabytes, milliseconds } from './run-words.ts';

test('errors of runs and of calls are one list, most frequent first', () => {
  const rows = errorRows({
    errors: { PLUGIN_TRAP: 2, RUN_CPU_EXCEEDED: 5 },
    callErrors: { EGRESS_TIMEOUT: 3, PLUGIN_TRAP: 1 },
  });
  expect(rows.map(({ code, count }) => [code, count])).toEqual([
    ['RUN_CPU_EXCEEDED', 5],
    ['EGRESS_TIMEOUT', 3],
    ['PLUGIN_TRAP', 3],
  ]);
  expect(rows.every(({ means }) => means.endsWith('.'))).toBe(true);
});

test('times and sizes are short', () => {
  expect([0.0254, 1.26, 12.61, 180.4, 12_345].map(milliseconds)).toEqual([
    '0.025 ms',
    '1.3 ms',
    '13 ms',
    '180 ms',
    '12.3 s',
  ]);
  expect(megabytes(1_572_864)).toBe('1.5 MiB');
});
