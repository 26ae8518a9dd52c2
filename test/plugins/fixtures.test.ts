import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import { fixtureDifferences, fixtureInput, parseFixture } from '@patchbay/plugin-sdk/package/fixture';
import { runPlugin } from '@patchbay/plugin-sdk/testing/run-plugin';
import { ingestPlugins, pluginFolder, pluginManifest } from './plugin-run.ts';

describe.each(ingestPlugins())('fixtures of %s', (name) => {
  const folder = `${pluginFolder(name)}/fixtures`;
  const files = readdirSync(folder);

  it('are several, of every outcome', () => {
    const outcomes = files.map((file) => {
      const reading = parseFixture(readFileSync(`${folder}/${file}`, 'utf8'));
      return reading.ok ? reading.fixture.expected.outcome : reading.message;
    });
    expect(new Set(outcomes)).toEqual(new Set(['events', 'ignored', 'invalid']));
  });

  it('name one request as the sample, which a command can post', () => {
    const readings = files.map((file) => parseFixture(readFileSync(`${folder}/${file}`, 'utf8')));
    const samples = readings.flatMap((reading) => (reading.ok && reading.fixture.sample ? [reading.fixture] : []));
    expect(samples).toMatchObject([{ request: { method: 'POST', query: {} } }]);
    expect(samples[0]?.expected.outcome).not.toBe('invalid');
  });

  it.each(files)('%s', async (file) => {
    const reading = parseFixture(readFileSync(`${folder}/${file}`, 'utf8'));
    if (!reading.ok) throw new Error(reading.message);
    const settings = checkConfiguration(pluginManifest(name).configuration, reading.fixture.configuration);
    if (!settings.ok) throw new Error(JSON.stringify(settings.issues));
    const outcome = await runPlugin({
      folder: pluginFolder(name),
      export: 'ingest',
      input: fixtureInput(reading.fixture, settings.values),
    });
    expect(fixtureDifferences(reading.fixture.expected, outcome)).toEqual([]);
  });
});
