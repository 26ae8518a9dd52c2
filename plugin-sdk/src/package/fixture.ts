import { z } from 'zod';
import { issueText } from './issue-text.ts';
import { partialDifferences } from './partial-differences.ts';
import { ABI_VERSION, type IngestInput, type IngestResult } from '../contract/envelopes.ts';
import type { Configuration } from '../contract/configuration.ts';

/** A request in a fixture; a body that is not text is sent as JSON. */
const fixtureRequestSchema = z.strictObject({
  method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  query: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  contentType: z.string().optional(),
  body: z.unknown().optional(),
});
export type FixtureRequest = z.infer<typeof fixtureRequestSchema>;

/** fixtures/*.json of ingest: what a sender sends, and what has to come of it. */
export const fixtureSchema = z.strictObject({
  description: z.string().min(1).max(400),
  /** The request that operators see as an example of the vendor's, and send as a test. One of a package. */
  sample: z.boolean().default(false),
  request: fixtureRequestSchema,
  configuration: z.record(z.string(), z.unknown()).default({}),
  expected: z.strictObject({
    outcome: z.enum(['events', 'ignored', 'invalid']),
    /** One entry per event, in order; what an entry leaves out is not compared. */
    events: z.array(z.record(z.string(), z.unknown())).optional(),
  }),
});
export type Fixture = z.infer<typeof fixtureSchema>;

export type FixtureReading = { ok: true; fixture: Fixture } | { ok: false; message: string };

export function parseFixture(text: string): FixtureReading {
  try {
    const parsed = fixtureSchema.safeParse(JSON.parse(text));
    return parsed.success ? { ok: true, fixture: parsed.data } : { ok: false, message: issueText(parsed.error) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : 'It is not JSON.' };
  }
}

/** The moment at which fixtures are received, so that the same fixture always gives the same result. */
export const FIXTURE_TIME = '2026-01-01T00:00:00.000Z';

/** The input envelope of an ingest call, as the door makes it. */
export function ingestInput(
  request: {
    method: 'POST' | 'PUT' | 'GET';
    headers: [name: string, value: string][];
    query: [string, string][];
    contentType?: string | undefined;
    body: Uint8Array;
  },
  configuration: Configuration,
  receivedAt: string,
): IngestInput {
  const headers: Record<string, string> = {};
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  const query: Record<string, string[]> = {};
  for (const [name, value] of request.query) (query[name] ??= []).push(value);
  const contentType = request.contentType ?? headers['content-type'] ?? 'application/json';
  headers['content-type'] ??= contentType;
  const id = 'req_00000000000000000000000000';
  const { method, body } = request;
  return {
    abi: ABI_VERSION,
    request: { id, receivedAt, method, headers, query, contentType, body: textOrBase64(body) },
    configuration,
  };
}

/** The input envelope of a fixture's request. @param configuration with defaults filled in */
export function fixtureInput({ request }: Fixture, configuration: Configuration): IngestInput {
  const body =
    request.body === undefined ? '' : typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
  return ingestInput(
    {
      method: request.method,
      headers: Object.entries(request.headers),
      query: Object.entries(request.query).flatMap(([name, values]) =>
        [values].flat().map((value): [string, string] => [name, value]),
      ),
      contentType: request.contentType,
      body: Buffer.from(body),
    },
    configuration,
    FIXTURE_TIME,
  );
}

/** How a result differs from what a fixture expects; empty when it does not. */
export function fixtureDifferences(
  expected: Fixture['expected'],
  actual: IngestResult | { outcome: 'error'; code: string; message: string },
): string[] {
  if (actual.outcome !== expected.outcome) {
    const why =
      actual.outcome === 'error'
        ? ` (${actual.code}: ${actual.message})`
        : 'reason' in actual
          ? ` (${actual.reason})`
          : '';
    return [`expected the outcome "${expected.outcome}", got "${actual.outcome}"${why}`];
  }
  if (expected.events === undefined || actual.outcome !== 'events') return [];
  if (actual.events.length !== expected.events.length)
    return [`expected ${expected.events.length} events, got ${actual.events.length}`];
  return expected.events.flatMap((event, index) => partialDifferences(event, actual.events[index], `events[${index}]`));
}

function textOrBase64(body: Uint8Array): { text: string } | { base64: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    return { base64: Buffer.from(body).toString('base64') };
  }
}
