import fc from 'fast-check';
import type { Fixture } from '@patchbay/plugin-sdk/package/fixture';
import type { TestRequest } from './plugin-run.ts';

type Path = readonly (string | number)[];

/** The parts of a fixture's request that a sender writes, taken apart as far as they can be. */
interface Parts {
  headers: Record<string, unknown>;
  query: Record<string, unknown>;
  body: unknown;
}

/** How a body was taken apart, and so is put together again. */
type Kind = 'json' | 'form' | 'text';

interface Change {
  path: Path;
  /** Undefined leaves the value out. */
  put: { value: unknown } | undefined;
}

/** What stands where something else is meant: other types, limits of text, names that objects inherit. */
const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
  fc.constantFrom<unknown>(null, '', ' ', 0, -1, 1e21, true, [], {}, [null], 'x'.repeat(5000), '\ud800', '\u0000'),
  fc.constantFrom<unknown>('__proto__', 'constructor', { constructor: 1 }, 'https://', 'arn:aws:::', '🔥'.repeat(600)),
);

/** The request of a fixture with up to three changes in its body, its headers and its query. */
export function mutatedRequest(fixture: Fixture): fc.Arbitrary<TestRequest> {
  const { kind, parts } = partsOf(fixture);
  const change: fc.Arbitrary<Change> = fc.record({
    path: fc.constantFrom(...placesOf(parts).filter((path) => path.length > 0)),
    put: fc.option(
      oddValue.map((value) => ({ value })),
      { nil: undefined },
    ),
  });
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => requestOf(fixture, kind, changes.reduce<unknown>(changed, parts) as Parts));
}

/** The request of a fixture as it is; a body other than its own is sent as JSON. */
export function plainRequest(fixture: Fixture, body?: unknown): TestRequest {
  const { kind, parts } = partsOf(fixture);
  return body === undefined ? requestOf(fixture, kind, parts) : requestOf(fixture, 'json', { ...parts, body });
}

function partsOf({ request }: Fixture): { kind: Kind; parts: Parts } {
  const { headers, query, body, contentType } = request;
  if (typeof body !== 'string') return { kind: 'json', parts: { headers, query, body } };
  const json = parsed(body);
  if (json !== undefined) return { kind: 'json', parts: { headers, query, body: json } };
  if (contentType?.includes('form-urlencoded') !== true) return { kind: 'text', parts: { headers, query, body } };
  // JSON inside of a field is taken apart, too.
  const fields = [...new URLSearchParams(body)].map(([name, value]) => [name, parsed(value) ?? value] as const);
  return { kind: 'form', parts: { headers, query, body: Object.fromEntries(fields) } };
}

function requestOf({ request }: Fixture, kind: Kind, parts: Parts): TestRequest {
  return {
    method: request.method,
    headers: texts(parts.headers),
    query: Object.fromEntries(
      Object.entries(Object(parts.query) as Record<string, unknown>).map(([name, value]) => [
        name,
        [value].flat().map(textOf),
      ]),
    ),
    contentType: request.contentType ?? 'application/json',
    text: bodyText(kind, parts.body),
  };
}

function bodyText(kind: Kind, body: unknown): string {
  if (body === undefined) return '';
  if (kind === 'form' && typeof body === 'object' && body !== null) return new URLSearchParams(texts(body)).toString();
  return kind === 'json' ? (JSON.stringify(body) ?? '') : textOf(body);
}

function texts(fields: object): Record<string, string> {
  return Object.fromEntries(Object.entries(Object(fields) as object).map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((entry, index): [number, unknown] => [index, entry])
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, entry]) => placesOf(entry, [...path, key]))];
}

/** A copy with the value at the path replaced, or without it. A path that an earlier change took away changes nothing. */
function changed(value: unknown, { path: [step, ...rest], put }: Change): unknown {
  if (step === undefined) return put?.value ?? null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const copy: unknown[] = [...(value as unknown[])];
    if (rest.length === 0 && put === undefined) copy.splice(Number(step), 1);
    else copy[Number(step)] = changed(copy[Number(step)], { path: rest, put });
    return copy;
  }
  const copy = { ...(value as Record<string, unknown>) };
  if (rest.length === 0 && put === undefined) delete copy[step];
  else copy[step] = changed(copy[step], { path: rest, put });
  return copy;
}
