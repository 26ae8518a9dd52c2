import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventPayloadSchema, type EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';
import { parseFixture, type Fixture } from '@patchbay/plugin-sdk/package/fixture';
import { mutatedRequest, plainRequest } from './mutations.ts';
import { ingestPlugins, pluginFolder, runIngest, type TestRequest } from './plugin-run.ts';

const RUNS = 40;

function fixturesOf(name: string): Fixture[] {
  return readdirSync(`${pluginFolder(name)}/fixtures`).flatMap((file) => {
    const reading = parseFixture(readFileSync(`${pluginFolder(name)}/fixtures/${file}`, 'utf8'));
    return reading.ok ? [reading.fixture] : [];
  });
}

/** Nothing that a sender can write makes a plugin trap, throw, or give what the contract does not allow. */
async function staysClean(name: string, request: TestRequest, configuration?: Record<string, unknown>): Promise<void> {
  const outcome = await runIngest(name, request, configuration);
  if (outcome.outcome === 'error') throw new Error(`${outcome.code}: ${outcome.message}`);
  if (outcome.outcome === 'events') for (const event of outcome.events) eventPayloadSchema.parse(event);
  else if (outcome.outcome === 'ignored') expect(outcome.reason).toMatch(/\S+ \S+/);
  else expect([outcome.outcome, outcome.reason]).toEqual(['invalid', expect.stringMatching(/\S+ \S+/)]);
}

function shuffleKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffleKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, entry]) => [key, shuffleKeys(entry)]),
  );
}

const keysOf = (events: EventPayload[]) => events.map((event) => event.dedup_key);

describe.each(ingestPlugins())('%s', (name) => {
  const fixtures = fixturesOf(name);
  const withBody = fixtures.filter(({ request }) => typeof request.body === 'object');

  it('answers any JSON cleanly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...fixtures), (json, fixture) =>
        staysClean(name, { ...plainRequest(fixture), text: JSON.stringify(json) }),
      ),
      { numRuns: RUNS },
    );
  });

  it('answers any text and any bytes cleanly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), (text) => staysClean(name, { text })),
      { numRuns: RUNS / 2 },
    );
    await staysClean(name, { base64: Buffer.from([0xff, 0xfe, 0x00, 0x7b]).toString('base64') });
  });

  it('answers what is left of a real message after any change cleanly', async () => {
    // Each of the fixtures gets its share, however many there are: the time stays bounded.
    const numRuns = Math.max(2, Math.ceil((RUNS * 3) / fixtures.length));
    for (const fixture of fixtures) {
      const request = mutatedRequest(fixture);
      await fc.assert(
        fc.asyncProperty(request, (mutated) => staysClean(name, mutated, fixture.configuration)),
        { numRuns },
      );
    }
  });

  it('answers very large and very deep messages cleanly', async () => {
    await staysClean(name, { text: `${'['.repeat(20_000)}${']'.repeat(20_000)}` });
    await staysClean(name, { text: `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}` });
    await staysClean(name, {
      json: { Type: 'Notification', Message: '['.repeat(20_000), payload: {}, event_action: 'trigger' },
    });
  });

  it('gives the same keys for the same message with its fields in another order', async () => {
    for (const fixture of withBody.filter(({ expected }) => expected.outcome === 'events')) {
      const [one, other] = await Promise.all([
        runIngest(name, plainRequest(fixture), fixture.configuration),
        runIngest(name, plainRequest(fixture, shuffleKeys(fixture.request.body)), fixture.configuration),
      ]);
      if (one.outcome !== 'events' || other.outcome !== 'events') throw new Error(`${fixture.description}: no events`);
      expect(keysOf(other.events)).toEqual(keysOf(one.events));
    }
  });
});

describe('a message at the size limit', () => {
  const annotations = { summary: 'down', description: '警'.repeat(3300) };

  it.each(['prometheus', 'grafana'])('fits into the answer of %s, no alert lost', async (name) => {
    const alerts = Array.from({ length: 100 }, (_, index) => ({
      status: 'firing',
      labels: { alertname: 'Down', instance: `host-${index}` },
      annotations,
    }));
    const outcome = await runIngest(name, { json: { status: 'firing', alerts } });
    expect(outcome).toMatchObject({ outcome: 'events' });
    if (outcome.outcome !== 'events') throw new Error('unreachable');
    expect(new Set(keysOf(outcome.events)).size).toBe(100);
    expect(outcome.events[0]?.payload).toMatchObject({
      summary: 'down',
      custom_details: { left_out: expect.any(String) as string },
    });
  });
});
