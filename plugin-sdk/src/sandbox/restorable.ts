import type { CodeFacts } from './code-scan.ts';

/**
 * True when memory and globals are all the state that an instance has, so that putting them back gives the first state
 * again: no instruction changes a table or drops a segment. The loader exports what globals a module keeps to itself.
 */
export function isRestorable(code: CodeFacts): boolean {
  return !code.changesTables && !code.dropsSegments;
}
