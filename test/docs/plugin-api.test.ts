import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import { pluginExports } from '@patchbay/plugin-sdk/contract/manifest';
import { capabilities } from '@patchbay/plugin-sdk/contract/permissions';
import type { HttpAsk } from '@patchbay/plugin-sdk/contract/journal';
import {
  deliverDifferences,
  deliverFixtureInput,
  parseDeliverFixture,
} from '@patchbay/plugin-sdk/package/deliver-fixture';
import { fixtureDifferences, fixtureInput, parseFixture } from '@patchbay/plugin-sdk/package/fixture';
import { runPlugin } from '@patchbay/plugin-sdk/testing/run-plugin';
import { examples, importedNames, type Example } from './examples.ts';
import { documentedGlobals, guestNames, limitTexts } from './guest-names.ts';
import { exampleErrors, pluginApiPage, shownLimits } from './plugin-api-page.ts';
import { caughtErrors } from './plugin-errors.ts';

const page = fileURLToPath(new URL('../../docs/reference/plugin-api.md', import.meta.url));
const all = examples();

describe('docs/reference/plugin-api.md', () => {
  it('is what the guest and the contract say', async () => {
    await expect(await pluginApiPage()).toMatchFileSnapshot(page);
  });

  it('describes every name that a plugin can import, with an example that imports it', () => {
    const used = new Set(all.flatMap(({ source }) => importedNames(source)));
    const names = guestNames();
    expect(names.filter(({ text }) => text === '').map(({ name }) => name)).toEqual([]);
    expect(names.filter(({ name }) => !used.has(name)).map(({ name }) => name)).toEqual([]);
    expect(documentedGlobals().map(({ name }) => name)).toContain('fetch');
  });

  it('describes every limit that a plugin meets', () => {
    for (const [group, values] of Object.entries(shownLimits)) {
      const texts = limitTexts(group);
      expect(texts.map(({ name }) => name)).toEqual(Object.keys(values));
      expect(texts.filter(({ text }) => text === '').map(({ name }) => `${group}.${name}`)).toEqual([]);
    }
  });

  it('has an example of every permission, and of every export that the host calls', () => {
    const granted = all.flatMap(({ manifest }) => Object.keys(manifest.permissions));
    expect(capabilities.filter((name) => !granted.includes(name))).toEqual([]);
    const provided = all.flatMap(({ manifest }) => manifest.provides);
    expect(pluginExports.filter((name) => !provided.includes(name))).toEqual(['callback', 'actions', 'schedule']);
  });
});

describe('the examples', () => {
  const fixtures = all.flatMap((example) =>
    fixturesOf(example).map((file) => ({ title: `${example.name}: ${file}`, example, file })),
  );

  it.each(all.filter(({ name }) => name !== 'errors'))('$name has fixtures', (example) => {
    expect(fixturesOf(example)).not.toEqual([]);
  });

  it.each(fixtures)('$title', async ({ example, file }) => {
    expect(await differences(example, readFileSync(`${example.folder}/fixtures/${file}`, 'utf8'))).toEqual([]);
  });

  it.each(exampleErrors(all))('errors: %s', async (code) => {
    const example = all.find(({ name }) => name === 'errors');
    const outcome = await runPlugin({
      folder: example?.folder ?? '',
      export: 'deliver',
      input: deliverFixtureInput(
        {
          description: code,
          change: { type: 'incident.opened', incident: { summary: code } },
          configuration: {},
          answers: [],
          expected: { outcome: 'delivered' },
        },
        {},
      ),
      world: {
        http: ({ url }) => {
          if (url.endsWith('/ok')) return { status: 200 };
          return { error: { code: url.endsWith('/lost') ? 'OUTCOME_UNKNOWN' : 'EGRESS_FAILED', message: 'no answer' } };
        },
      },
    });
    const caught = (caughtErrors as readonly string[]).includes(code);
    expect(outcome).toMatchObject(caught ? { outcome: 'delivered', note: code } : { outcome: 'error', code });
  });
});

function fixturesOf({ name, folder }: Example): string[] {
  return name === 'errors' ? [] : readdirSync(`${folder}/fixtures`);
}

async function differences({ folder, manifest }: Example, text: string): Promise<string[]> {
  const delivery = parseDeliverFixture(text);
  const reading = delivery ?? parseFixture(text);
  if (!reading.ok) return [reading.message];
  const settings = checkConfiguration(manifest.configuration, reading.fixture.configuration);
  if (!settings.ok) return settings.issues.map(({ path, message }) => `${path}: ${message}`);
  if ('change' in reading.fixture) {
    const { answers, expected } = reading.fixture;
    const requests: HttpAsk[] = [];
    const http = (request: HttpAsk) =>
      answers[requests.push(request) - 1] ?? { error: { code: 'EGRESS_FAILED', message: 'no answer' } };
    const input = deliverFixtureInput(reading.fixture, settings.values);
    const outcome = await runPlugin({ folder, export: 'deliver', input, world: { http } });
    return deliverDifferences(expected, outcome, requests);
  }
  const input = fixtureInput(reading.fixture, settings.values);
  return fixtureDifferences(reading.fixture.expected, await runPlugin({ folder, export: 'ingest', input }));
}
