import type { Issue } from '../contract/envelopes.ts';

/** What the validators that the compiler generates call; they are lean, so that a value that fits costs little. */

/** More issues than this tell a sender nothing new. */
const MAX_ISSUES = 50;

/** Adds an issue; `wanted` completes "Expected ...". */
export function fail(issues: Issue[], path: string, wanted: string, got: unknown): void {
  if (issues.length >= MAX_ISSUES) return;
  const message = got === undefined ? `Missing: expected ${wanted}` : `Expected ${wanted}, got ${show(got)}`;
  issues.push({ path, message: message.slice(0, 512) });
}

/** Puts `key` before the paths of the issues added since `from`. */
export function under(issues: Issue[], from: number, key: string | number): void {
  for (let at = from; at < issues.length; at++) {
    const issue = issues[at] as Issue;
    issue.path = (issue.path === '' ? String(key) : `${key}.${issue.path}`).slice(0, 512);
  }
}

/**
 * The value must fit one of the alternatives. When it fits none, the issues are those of the alternative that got
 * furthest into the value.
 */
export function oneOf(
  alternatives: ((value: unknown, issues: Issue[]) => void)[],
  value: unknown,
  issues: Issue[],
  wanted: string,
): void {
  let best: Issue[] | undefined;
  for (const alternative of alternatives) {
    const found: Issue[] = [];
    alternative(value, found);
    if (found.length === 0) return;
    if (found.every((issue) => issue.path !== '') && (best === undefined || found.length < best.length)) best = found;
  }
  if (best === undefined) fail(issues, '', wanted, value);
  else issues.push(...best.slice(0, MAX_ISSUES - issues.length));
}

function show(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string')
    return value.length > 40 ? `text of ${value.length} characters` : JSON.stringify(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}
