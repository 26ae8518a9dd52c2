import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compilePlugin } from '@patchbay/plugin-sdk/compile/compile-plugin';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import { manifestSchema, type Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { grantedCapabilities } from '@patchbay/plugin-sdk/contract/permissions';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { fixtureInput, parseFixture, type Fixture } from '@patchbay/plugin-sdk/package/fixture';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { digestOf } from './module-variants.ts';
import { startRole, tell } from './role-process.ts';
import { quantile } from './spread.ts';

/** Milliseconds of a warm call with one body, measured from outside of the sandbox. */
export interface SampleCalls {
  /** Which plugin and which of its fixtures. */
  title: string;
  bytes: number;
  p50: number;
  p99: number;
}

export interface PluginSamplesOptions {
  pluginsFolder: string;
  calls: number;
}

const WARM_UP = 50;
const ALERTS = 20;

export async function measurePluginSamples(options: PluginSamplesOptions): Promise<SampleCalls[]> {
  const role = startRole('plugin-samples', options);
  try {
    return (await role.next()) as SampleCalls[];
  } finally {
    await role.stop();
  }
}

/** Calls every plugin that reads requests with the largest of its fixtures, and Grafana with many alerts at once. */
export async function pluginSamplesRole({ pluginsFolder, calls }: PluginSamplesOptions): Promise<void> {
  const samples: SampleCalls[] = [];
  for (const name of (await readdir(pluginsFolder)).sort()) {
    const folder = join(pluginsFolder, name);
    const largest = (await fixturesOf(folder)).sort((a, b) => bytesOf(b.fixture) - bytesOf(a.fixture))[0];
    if (largest === undefined) continue;
    const bodies = [{ title: `${name}: ${largest.file}`, fixture: largest.fixture }];
    if (name === 'grafana') bodies.push({ title: `grafana: ${ALERTS} alerts`, fixture: await manyAlerts(folder) });
    samples.push(...(await measurePlugin(folder, bodies, calls)));
  }
  tell(samples);
}

interface Body {
  title: string;
  fixture: Fixture;
}

async function measurePlugin(folder: string, bodies: readonly Body[], calls: number): Promise<SampleCalls[]> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'plugin.json'), 'utf8')));
  const compiled = await compilePlugin({ entry: join(folder, 'src/index.ts'), manifest });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  const sandbox = createSandbox({ loadModule: () => Promise.resolve(compiled.wasm), processes: 1 });
  try {
    const samples: SampleCalls[] = [];
    for (const { title, fixture } of bodies) {
      const call = callOf(sandbox, digestOf(compiled.wasm), manifest, fixture);
      for (let i = 0; i < WARM_UP; i++) await call();
      const times: number[] = [];
      for (let i = 0; i < calls; i++) times.push(await call());
      samples.push({ title, bytes: bytesOf(fixture), p50: quantile(times, 0.5), p99: quantile(times, 0.99) });
    }
    return samples;
  } finally {
    await sandbox.close();
  }
}

/** A call with a fixture's request, and how many milliseconds it took. */
function callOf(sandbox: Sandbox, module: string, manifest: Manifest, fixture: Fixture): () => Promise<number> {
  const settings = checkConfiguration(manifest.configuration, fixture.configuration);
  if (!settings.ok) throw new Error(JSON.stringify(settings.issues));
  const input = JSON.stringify(fixtureInput(fixture, settings.values));
  return async () => {
    const startedAt = performance.now();
    const result = await sandbox.run({
      module,
      export: 'ingest',
      grants: grantedCapabilities(manifest.permissions),
      input,
      journal: { seed: randomBytes(32).toString('hex'), startedAt: Date.now(), asks: [], batches: [] },
      group: 'grp_bench',
      installation: 'ins_bench',
    });
    const took = performance.now() - startedAt;
    if (result.status !== 'done' || !result.output.includes('"events"'))
      throw new Error(`${manifest.id} gave ${JSON.stringify(result)}`);
    return took;
  };
}

/** The fixtures of a plugin that events come of. */
async function fixturesOf(folder: string): Promise<{ file: string; fixture: Fixture }[]> {
  const found: { file: string; fixture: Fixture }[] = [];
  for (const file of await readdir(join(folder, 'fixtures'))) {
    const reading = parseFixture(await readFile(join(folder, 'fixtures', file), 'utf8'));
    if (reading.ok && reading.fixture.expected.outcome === 'events') found.push({ file, fixture: reading.fixture });
  }
  return found;
}

function bytesOf(fixture: Fixture): number {
  const { body } = fixtureInput(fixture, {}).request;
  return Buffer.byteLength('text' in body ? body.text : body.base64);
}

/** Grafana's fixture of one alert, with that alert as often as a busy group has it. */
async function manyAlerts(folder: string): Promise<Fixture> {
  const reading = parseFixture(await readFile(join(folder, 'fixtures/unified-firing.json'), 'utf8'));
  if (!reading.ok) throw new Error(reading.message);
  const body = reading.fixture.request.body as { alerts: object[] };
  const alerts = Array.from({ length: ALERTS }, (_, number) => ({ ...body.alerts[0], fingerprint: `bench${number}` }));
  return { ...reading.fixture, request: { ...reading.fixture.request, body: { ...body, alerts } } };
}
