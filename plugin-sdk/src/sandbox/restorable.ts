import type { CodeFacts } from './code-scan.ts';
import type { ModuleShape } from './module-reader.ts';

/**
 * True when memory and exported globals are all the state that an instance has, so that putting them back gives the
 * first state again: every mutable global is exported, and no instruction changes a table or drops a segment. Modules
 * of our compiler are so; any other that is so too may be reused as well.
 */
export function isRestorable(shape: ModuleShape, code: CodeFacts): boolean {
  if (code.changesTables || code.dropsSegments) return false;
  const exported = new Set(shape.exports.filter(({ kind }) => kind === 'global').map(({ index }) => index));
  return shape.globals.every(({ mutable }, index) => !mutable || exported.has(index));
}
