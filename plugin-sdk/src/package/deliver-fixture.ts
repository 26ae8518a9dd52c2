import { z } from 'zod';
import {
  ABI_VERSION,
  changeTypeSchema,
  incidentSnapshotSchema,
  type DeliverInput,
  type DeliverResult,
  type IncidentSnapshot,
} from '../contract/envelopes.ts';
import type { Configuration } from '../contract/configuration.ts';
import type { HttpAsk } from '../contract/journal.ts';
import { sandboxLimits } from '../contract/limits.ts';
import { FIXTURE_TIME } from './fixture.ts';
import { issueText } from './issue-text.ts';
import { jsonOrText } from './json-or-text.ts';
import { partialDifferences } from './partial-differences.ts';

/** What the other side answers; a body that is not text is sent as JSON. */
const fixtureAnswerSchema = z.union([
  z.strictObject({
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
  }),
  z.strictObject({ error: z.strictObject({ code: z.string().max(64), message: z.string().max(400) }) }),
]);
export type FixtureAnswer = z.infer<typeof fixtureAnswerSchema>;

/** fixtures/*.json of deliver: what changed, what the other side answers, and what has to come of it. */
const deliverFixtureSchema = z.strictObject({
  description: z.string().min(1).max(400),
  change: z.strictObject({
    type: changeTypeSchema,
    /** What is left out is that of a sample. */
    incident: incidentSnapshotSchema.partial().default({}),
  }),
  configuration: z.record(z.string(), z.unknown()).default({}),
  /** For the requests of the plugin, in the order in which it makes them. One beyond these gets an error. */
  answers: z.array(fixtureAnswerSchema).max(sandboxLimits.requestsPerCall).default([]),
  expected: z.strictObject({
    outcome: z.enum(['delivered', 'skipped', 'retry', 'failed']),
    /** One entry per request, in order; what an entry leaves out is not compared. A body of JSON is compared as such. */
    requests: z
      .array(
        z.strictObject({ method: z.string().optional(), url: z.string().optional(), body: z.unknown().optional() }),
      )
      .optional(),
  }),
});
export type DeliverFixture = z.infer<typeof deliverFixtureSchema>;

export type DeliverFixtureReading = { ok: true; fixture: DeliverFixture } | { ok: false; message: string };

/** A fixture of deliver, told from one of ingest by its change; undefined for what is none. */
export function parseDeliverFixture(text: string): DeliverFixtureReading | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('change' in value)) return undefined;
  const parsed = deliverFixtureSchema.safeParse(value);
  return parsed.success ? { ok: true, fixture: parsed.data } : { ok: false, message: issueText(parsed.error) };
}

const sampleIncident: IncidentSnapshot = {
  id: 'inc_00000000000000000000000000',
  number: 7,
  status: 'open',
  severity: 'error',
  summary: 'Disk full on db-1',
  source: 'db-1',
  dedupKey: 'db-1:disk',
  environment: 'production',
  integrationType: 'webhook',
  service: { id: 'svc_00000000000000000000000000', name: 'Shop' },
  openedAt: FIXTURE_TIME,
  acknowledgedAt: null,
  resolvedAt: null,
  eventCount: 1,
  url: 'https://patchbay.example.com/incidents/7',
  links: [],
  customDetails: {},
};

/** The input envelope of a fixture's change. @param configuration with defaults filled in */
export function deliverFixtureInput({ change }: DeliverFixture, configuration: Configuration): DeliverInput {
  const given = Object.fromEntries(Object.entries(change.incident).filter(([, value]) => value !== undefined));
  return {
    abi: ABI_VERSION,
    change: {
      id: 'chg_00000000000000000000000000',
      type: change.type,
      occurredAt: FIXTURE_TIME,
      incident: { ...sampleIncident, ...given },
    },
    delivery: { id: 'dlv_00000000000000000000000000', attempt: 1 },
    configuration,
  };
}

/** How a result and its requests differ from what a fixture expects; empty when they do not. */
export function deliverDifferences(
  expected: DeliverFixture['expected'],
  actual: DeliverResult | { outcome: 'error'; code: string; message: string },
  requests: readonly HttpAsk[],
): string[] {
  const found: string[] = [];
  if (actual.outcome !== expected.outcome) {
    const why =
      actual.outcome === 'error'
        ? ` (${actual.code}: ${actual.message})`
        : 'reason' in actual
          ? ` (${actual.reason})`
          : '';
    found.push(`expected the outcome "${expected.outcome}", got "${actual.outcome}"${why}`);
  }
  if (expected.requests === undefined) return found;
  if (requests.length !== expected.requests.length) {
    const made = requests.map(({ method, url }) => `${method} ${url}`).join(', ');
    return [...found, `expected ${expected.requests.length} requests, got ${requests.length}${made && `: ${made}`}`];
  }
  return [
    ...found,
    ...expected.requests.flatMap((request, index) =>
      partialDifferences(request, shownRequest(requests[index]), `requests[${index}]`),
    ),
  ];
}

function shownRequest(ask: HttpAsk | undefined): unknown {
  if (ask === undefined) return undefined;
  const { method, url, body } = ask;
  return { method, url, body: body !== null && 'text' in body ? jsonOrText(body.text) : body };
}
