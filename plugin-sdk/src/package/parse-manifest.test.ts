import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allPermissions, testManifest } from '../compile/testing/compile-text.ts';
import { capabilities, grantedCapabilities } from '../contract/permissions.ts';
import { parseManifest } from './parse-manifest.ts';

const whole = testManifest({
  provides: ['ingest', 'deliver'],
  permissions: allPermissions,
  configuration: {
    properties: {
      siteUrl: { type: 'string', format: 'uri', title: 'Address' },
      severity: { type: 'string', enum: ['critical', 'info'], title: 'Severity', default: 'info' },
    },
    required: ['siteUrl'],
  },
  secrets: [
    { name: 'apiToken', title: 'Token', credential: { kind: 'bearer', host: { configuration: 'siteUrl' } } },
    { name: 'other', title: 'Other', credential: { kind: 'header', header: 'x-key', host: 'api.example.com' } },
  ],
});
const text = JSON.stringify(whole);

type Path = readonly string[];

function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...at, key]))];
}

const oddKey = fc.constantFrom('__proto__', 'constructor', 'toString', 'http', 'permissions', 'secrets', '', 'x');
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, '', ' ', 0, -1, 1e308, true, [], {}, [null], '\ud800', '\0', '*.', 'a/b', '^1.0.0'),
  fc.constantFrom<unknown>({ __proto__: null, constructor: 1 }, ['__proto__'], 'http://169.254.169.254', '127.0.0.1'),
  // What an expression that goes back again and again would stop at.
  fc.constantFrom<unknown>(
    'a'.repeat(50_000),
    'a-'.repeat(20_000),
    'a.'.repeat(20_000),
    '1.'.repeat(20_000),
    '/*'.repeat(9999),
  ),
  fc.constantFrom<unknown>(
    JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`),
    Array.from({ length: 5000 }, () => ({})),
  ),
);
const change = fc.record({
  path: fc.constantFrom(...pathsOf(JSON.parse(text))),
  kind: fc.constantFrom('put', 'remove', 'add' as const),
  key: oddKey,
  value: oddValue,
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** As text, so that a key `__proto__` is one of the file's own. */
function changed(value: unknown, { path, kind, key, value: put }: Change): unknown {
  const [head, ...rest] = path;
  if (head === undefined) {
    if (kind !== 'add' || typeof value !== 'object' || value === null) return kind === 'remove' ? undefined : put;
    return JSON.parse(`{${[...Object.entries(value), [key, put]].map(pair).join(',')}}`);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    if (name !== head) return [[name, inner]];
    const next = changed(inner, { path: rest, kind, key, value: put });
    return next === undefined ? [] : [[name, next]];
  });
  return Array.isArray(value)
    ? entries.map(([, inner]) => inner)
    : JSON.parse(`{${entries.map((entry) => pair(entry as [string, unknown])).join(',')}}`);
}

function pair([key, value]: readonly unknown[]): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`;
}

/** The verdict is a value: a manifest that reads the same again, or what is wrong with it. */
function judged(manifestText: string): void {
  const read = parseManifest(manifestText);
  expect(Object.keys(Object.prototype)).toEqual([]);
  if (!read.ok) {
    expect(read.code).toBe('MANIFEST_INVALID');
    expect(read.issues.length).toBeGreaterThan(0);
    return;
  }
  const written: unknown = JSON.parse(manifestText);
  const asked = (written as { permissions?: object }).permissions ?? {};
  const granted = grantedCapabilities(read.manifest.permissions);
  expect(granted).toEqual(capabilities.filter((capability) => Object.hasOwn(asked, capability)));
  const again = parseManifest(JSON.stringify(read.manifest));
  expect(again).toEqual(read);
}

describe('plugin.json', () => {
  it('is read as it is written', () => {
    judged(text);
    expect(parseManifest(text).ok).toBe(true);
  });

  it('is read or refused whatever stands where something else is meant', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (all) => {
        const value = all.reduce<unknown>((before, one) => changed(before, one) ?? null, JSON.parse(text));
        judged(JSON.stringify(value));
      }),
      { numRuns: 800 },
    );
  });

  it('is read or refused whatever bytes it has', () => {
    const cut = fc.record({
      at: fc.nat(text.length),
      count: fc.nat(20),
      put: fc.string({ maxLength: 8, unit: 'binary' }),
    });
    fc.assert(
      fc.property(cut, ({ at, count, put }) => judged(text.slice(0, at) + put + text.slice(at + count))),
      { numRuns: 400 },
    );
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), judged), { numRuns: 300 });
  });
});
