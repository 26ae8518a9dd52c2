import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePlugin } from '@patchbay/plugin-sdk/compile/compile-plugin';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import type { IngestInput } from '@patchbay/plugin-sdk/contract/envelopes';
import { manifestSchema, type Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { grantedCapabilities } from '@patchbay/plugin-sdk/contract/permissions';
import type { RunRequest, Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { fixtureInput, parseFixture, type Fixture } from '@patchbay/plugin-sdk/package/fixture';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { grafanaBody } from './grafana-body.ts';
import { startRole, tell } from './role-process.ts';
import { quantile } from './spread.ts';

/** What the largest fixture of a plugin that gives events costs in the sandbox, in milliseconds. */
export interface SampleTime {
  plugin: string;
  sample: string;
  bytes: number;
  p50: number;
  p99: number;
  /** Of a processor, which a busy machine does not change; the middle of all calls. */
  cpu: number;
}

export interface LargestSamplesOptions {
  pluginsFolder: string;
  calls: number;
}

const WARM_UP = 100;
const GRAFANA_ALERTS = 20;

export async function measureLargestSamples(options: LargestSamplesOptions): Promise<SampleTime[]> {
  const role = startRole('largest-samples', options);
  try {
    return (await role.next()) as SampleTime[];
  } finally {
    await role.stop();
  }
}

export async function largestSamplesRole({ pluginsFolder, calls }: LargestSamplesOptions): Promise<void> {
  const found: SampleTime[] = [];
  for (const plugin of readdirSync(pluginsFolder).sort()) {
    const folder = join(pluginsFolder, plugin);
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8')));
    const compiled = await compilePlugin({ entry: join(folder, 'src/index.ts'), manifest });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
    const sandbox = createSandbox({ loadModule: () => Promise.resolve(compiled.wasm), processes: 1 });
    for (const { sample, input } of samplesOf(plugin, folder, manifest)) {
      const grants = grantedCapabilities(manifest.permissions);
      const times = await timesOf(sandbox, { module: compiled.sha256, grants, input: JSON.stringify(input) }, calls);
      const took = times.map(({ millis }) => millis);
      const { body } = input.request;
      const bytes = 'text' in body ? Buffer.byteLength(body.text) : Buffer.from(body.base64, 'base64').length;
      found.push({
        plugin,
        sample,
        bytes,
        p50: quantile(took, 0.5),
        p99: quantile(took, 0.99),
        cpu: quantile(
          times.map(({ cpuMicros }) => cpuMicros / 1000),
          0.5,
        ),
      });
    }
    await sandbox.close();
  }
  tell(found);
}

interface Sample {
  sample: string;
  input: IngestInput;
}

function samplesOf(plugin: string, folder: string, manifest: Manifest): Sample[] {
  const samples = readdirSync(join(folder, 'fixtures')).flatMap((file): Sample[] => {
    const reading = parseFixture(readFileSync(join(folder, 'fixtures', file), 'utf8'));
    if (!reading.ok) throw new Error(`${plugin}/${file}: ${reading.message}`);
    const { fixture } = reading;
    return fixture.expected.outcome === 'events'
      ? [{ sample: file.replace(/\.json$/, ''), input: inputOf(fixture, manifest) }]
      : [];
  });
  const [largest] = samples.sort((a, b) => JSON.stringify(b.input).length - JSON.stringify(a.input).length);
  const batch: Fixture = {
    description: 'As many alerts as a large group has',
    request: { method: 'POST', headers: {}, query: {}, body: grafanaBody(GRAFANA_ALERTS) },
    configuration: {},
    expected: { outcome: 'events' },
  };
  return [
    ...(largest === undefined ? [] : [largest]),
    ...(plugin === 'grafana' ? [{ sample: `${GRAFANA_ALERTS} alerts`, input: inputOf(batch, manifest) }] : []),
  ];
}

function inputOf(fixture: Fixture, manifest: Manifest): IngestInput {
  const settings = checkConfiguration(manifest.configuration, fixture.configuration);
  if (!settings.ok) throw new Error(JSON.stringify(settings.issues));
  return fixtureInput(fixture, settings.values);
}

async function timesOf(
  sandbox: Sandbox,
  { module, grants, input }: Pick<RunRequest, 'module' | 'grants' | 'input'>,
  calls: number,
): Promise<{ millis: number; cpuMicros: number }[]> {
  const times: { millis: number; cpuMicros: number }[] = [];
  for (let call = 0; call < WARM_UP + calls; call++) {
    const request: RunRequest = {
      module,
      export: 'ingest',
      grants,
      input,
      journal: { seed: randomBytes(32).toString('hex'), startedAt: Date.now(), asks: [], batches: [] },
      group: 'grp_bench',
      installation: 'ins_bench',
    };
    const startedAt = performance.now();
    const result = await sandbox.run(request);
    const millis = performance.now() - startedAt;
    if (call >= WARM_UP) times.push({ millis, cpuMicros: result.usage.cpuMicros });
    if (result.status !== 'done' || !result.output.includes('"events"'))
      throw new Error(`The plugin gave ${JSON.stringify(result).slice(0, 1000)}`);
  }
  return times;
}
