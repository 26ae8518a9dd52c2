import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sandboxLimits } from '../contract/limits.ts';
import { textProblem } from './json-text.ts';

const problemOf = (text: string): string | undefined => textProblem(Buffer.from(text));

describe('text from a plugin', () => {
  it('has nothing against any JSON of an ordinary depth', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 8 }), (text) => problemOf(text) === undefined));
    expect(problemOf(JSON.stringify({ text: '{['.repeat(5000), quoted: '\\"[[['.repeat(5000) }))).toBeUndefined();
    expect(problemOf('[{}],'.repeat(10_000))).toBeUndefined();
  });

  it.each(['[', '{"a":'])('is refused where %s is nested deeper than the limit, and only there', (open) => {
    const nested = (depth: number) => open.repeat(depth) + '0'.repeat(1000);
    expect(problemOf(nested(sandboxLimits.jsonDepth))).toBeUndefined();
    expect(problemOf(nested(sandboxLimits.jsonDepth + 1))).toContain('nested');
  });

  it('is refused when it is not UTF-8', () => {
    expect(textProblem(Buffer.from([0x22, 0xff, 0x22]))).toContain('UTF-8');
  });
});
