import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFixture, type Fixture } from '@patchbay/plugin-sdk/package/fixture';
import { plainRequest } from './mutations.ts';
import { ingestPlugins, pluginFolder, runIngest } from './plugin-run.ts';

type Path = readonly (string | number)[];

const RUNS = 12;
const SEVERITIES = ['critical', 'error', 'warning', 'info'];

/** Fields that say how bad something is, and fields that say whether it is there, by the names that senders give them. */
const SEVERITY_FIELD = /^(severity|level|priority|urgency|importance_?level|alert_?priority|impact|severity_?level)$/i;
const STATE_FIELD =
  /^(status|state|current_?state|event_?action|action|new_?state_?value|monitor_?condition|conclusion|alert_?transition|alert_?status|build_?status|message_?type|state_?message_?type|outcome|phase)$/i;

/** Words that nobody maps; the first ones hold words that mean something, which must not matter. */
const unknownWord = fc.oneof(
  fc.constantFrom('unresolved', 'unacknowledged', 'token', 'upstream', 'reclosed', 'not-ok', 'criticality', 'wobbly'),
  fc.string({ minLength: 3, maxLength: 20 }).map((text) => `zz${text}`),
);

function triggerFixturesOf(name: string): Fixture[] {
  const folder = `${pluginFolder(name)}/fixtures`;
  return readdirSync(folder).flatMap((file) => {
    const reading = parseFixture(readFileSync(`${folder}/${file}`, 'utf8'));
    if (!reading.ok) return [];
    const { request, expected } = reading.fixture;
    const isTrigger = expected.events?.every((event) => event.event_action === 'trigger') === true;
    return isTrigger && typeof request.body === 'object' ? [reading.fixture] : [];
  });
}

/** Where fields with such a name hold a text. */
function placesOf(value: unknown, field: RegExp, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]: [string, unknown]) => {
    const here: Path = [...path, Array.isArray(value) ? Number(name) : name];
    if (typeof entry !== 'string') return placesOf(entry, field, here);
    return !Array.isArray(value) && field.test(name) ? [here] : [];
  });
}

function replaced(value: unknown, [step, ...rest]: Path, word: string): unknown {
  if (step === undefined) return word;
  if (Array.isArray(value))
    return value.map((entry: unknown, at) => (at === step ? replaced(entry, rest, word) : entry));
  const fields = value as Record<string, unknown>;
  return { ...fields, [step]: replaced(fields[step], rest, word) };
}

const casesOf = (name: string, field: RegExp): { fixture: Fixture; path: Path }[] =>
  triggerFixturesOf(name).flatMap((fixture) =>
    placesOf(fixture.request.body, field).map((path) => ({ fixture, path })),
  );

async function answer(name: string, fixture: Fixture, path: Path, word: string) {
  const request = plainRequest(fixture, replaced(fixture.request.body, path, word));
  const outcome = await runIngest(name, request, fixture.configuration);
  // A word never ends a run.
  expect(['events', 'ignored', 'invalid'], `${fixture.description}: ${path.join('.')} = ${word}`).toContain(
    outcome.outcome,
  );
  return outcome;
}

describe('a severity that nobody maps', () => {
  const named = ingestPlugins().filter((name) => casesOf(name, SEVERITY_FIELD).length > 0);

  it.each(named)('leaves %s its events, with one of our severities', async (name) => {
    const cases = casesOf(name, SEVERITY_FIELD);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cases), unknownWord, async ({ fixture, path }, word) => {
        const outcome = await answer(name, fixture, path, word);
        if (outcome.outcome !== 'events') throw new Error(`${fixture.description}: ${path.join('.')} = ${word}`);
        for (const event of outcome.events) {
          expect(event.event_action).toBe('trigger');
          expect(SEVERITIES).toContain(event.payload?.severity);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a state that nobody maps', () => {
  const named = ingestPlugins().filter((name) => casesOf(name, STATE_FIELD).length > 0);

  it.each(named)('ends and acknowledges nothing in %s', async (name) => {
    const cases = casesOf(name, STATE_FIELD);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cases), unknownWord, async ({ fixture, path }, word) => {
        const outcome = await answer(name, fixture, path, word);
        if (outcome.outcome === 'events')
          for (const event of outcome.events)
            expect(event.event_action, `${fixture.description}: ${path.join('.')} = ${word}`).toBe('trigger');
        else if (outcome.outcome !== 'error') expect(outcome.reason).toMatch(/\S+ \S+/);
      }),
      { numRuns: RUNS },
    );
  });
});
