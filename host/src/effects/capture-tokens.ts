import type { Capture } from '@patchbay/plugin-sdk/contract/capture';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { secretLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { EgressAnswer } from '../egress/egress.ts';
import { originOf } from './credentials/text-reference.ts';
import { underPrefix } from './http-permission.ts';

export type CaptureResult =
  | { ok: true; answer: EgressAnswer; captured: { name: string; value: string }[] }
  /** A success that should hold a token and does not: where it is instead, nobody knows. */
  | { ok: false };

/** Takes tokens out of an answer by the rules of the manifest that are for its address. */
export function captureTokens(
  { capture = [] }: Pick<Manifest, 'capture'>,
  configuration: Record<string, unknown>,
  url: URL,
  answer: EgressAnswer,
): CaptureResult {
  const rules = capture.filter(
    ({ host, pathPrefix }) => originOf(host, configuration) === url.origin && underPrefix(url.pathname, pathPrefix),
  );
  const captured: { name: string; value: string }[] = [];
  let rest = answer;
  for (const rule of rules) {
    const taken = take(rule, rest);
    if (taken !== null) {
      captured.push({ name: rule.secret, value: taken.value });
      rest = taken.rest;
    } else if (answer.status < 300 && answer.body.length > 0) return { ok: false };
  }
  return { ok: true, answer: rest, captured };
}

function take(rule: Capture, answer: EgressAnswer): { value: string; rest: EgressAnswer } | null {
  if (rule.header !== undefined) {
    const { [rule.header.toLowerCase()]: value, ...headers } = answer.headers;
    return isToken(value) ? { value, rest: { ...answer, headers } } : null;
  }
  const text = answer.body.toString('utf8');
  const holder = holderOf(text, rule.pointer ?? '');
  if (holder === null || !isToken(holder.value)) return null;
  const { value } = holder;
  // In the text, so that numbers beyond 2^53 and the order of members stay what they were.
  const without = text.replaceAll(JSON.stringify(value), 'null');
  const left = holderOf(without, rule.pointer ?? '');
  const body = left?.value === null ? without : holder.without();
  return { value, rest: { ...answer, body: Buffer.from(body, 'utf8') } };
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length >= secretLimits.charsMin && value.length <= secretLimits.charsMax;
}

/** What a JSON pointer points at, and the text without it. */
function holderOf(text: string, pointer: string): { value: unknown; without(): string } | null {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return null;
  }
  const path = pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = path.pop() ?? '';
  let holder: unknown = root;
  for (const part of path) {
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, part)) return null;
    holder = (holder as Record<string, unknown>)[part];
  }
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, last)) return null;
  const members = holder as Record<string, unknown>;
  return {
    value: members[last],
    without() {
      members[last] = null;
      return JSON.stringify(root);
    },
  };
}
