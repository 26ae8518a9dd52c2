import { Validator, type OutputUnit } from '@cfworker/json-schema';
import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import { boundedText } from '../../store/storable.ts';
import { readSchema } from './read-schema.ts';

/** Looks at a body before the plugin does. @returns null when it may pass, else why not */
export type BodyGate = (body: Uint8Array) => { reason: string; issues: Issue[] } | null;

const ISSUES = 20;
const MESSAGE_CHARS = 200;
const MISFIT = 'The body does not fit the schema of this integration.';
/** That a part of the body does not fit; which one, another issue says. */
const WRAPPERS = new Set([
  ...['properties', 'additionalProperties', 'unevaluatedProperties', 'dependentSchemas'],
  ...['items', 'additionalItems', 'unevaluatedItems', 'prefixItems', 'allOf', 'if', 'then', 'else'],
]);

/** The gate that an operator's schema makes; one that cannot be read lets nothing pass. */
export function createBodyGate(schema: Record<string, unknown>): BodyGate {
  const read = readSchema(schema);
  if (!read.ok) return () => ({ reason: 'The schema of this integration cannot be used.', issues: read.issues });
  const { value } = read;
  const validator = new Validator(value.schema, value.dialect, false);
  return (bytes) => {
    const body = parsed(bytes);
    if (body === undefined) return { reason: MISFIT, issues: [{ path: '', message: 'Expected JSON' }] };
    if (value.work * weightOf(body.value) > ingestLimits.schemaWork)
      return { reason: MISFIT, issues: [{ path: '', message: 'The body is too large to be held against the schema' }] };
    const { valid, errors } = validator.validate(body.value);
    return valid ? null : { reason: MISFIT, issues: issuesOf(errors) };
  };
}

function parsed(bytes: Uint8Array): { value: unknown } | undefined {
  try {
    return {
      value: JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as unknown,
    };
  } catch {
    return undefined;
  }
}

/** What looking at a value once costs: one for each value and name in it, and for each piece of text. */
function weightOf(value: unknown): number {
  const waiting = [value];
  let weight = 0;
  while (waiting.length > 0) {
    const next = waiting.pop();
    weight += 1;
    if (typeof next === 'string') weight += next.length / PIECE_CHARS;
    else if (Array.isArray(next)) for (const entry of next) waiting.push(entry);
    else if (typeof next === 'object' && next !== null)
      for (const [name, entry] of Object.entries(next)) {
        weight += name.length / PIECE_CHARS;
        waiting.push(entry);
      }
  }
  return weight;
}

const PIECE_CHARS = 64;

function issuesOf(errors: readonly OutputUnit[]): Issue[] {
  const telling = errors.filter(({ keyword }) => !WRAPPERS.has(keyword));
  const issues = new Map<string, Issue>();
  for (const { instanceLocation, error } of telling.length > 0 ? telling : errors) {
    const issue = { path: pathOf(instanceLocation), message: boundedText(error, MESSAGE_CHARS) };
    issues.set(JSON.stringify(issue), issue);
    if (issues.size === ISSUES) break;
  }
  return [...issues.values()];
}

/** `#/alerts/0/name` as `alerts[0].name`, as plugins name places. */
function pathOf(location: string): string {
  return location
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`), '');
}
