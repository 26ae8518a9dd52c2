import { parseFixture, type Fixture } from '@patchbay/plugin-sdk/package/fixture';
import { FIXTURES_FOLDER, type PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { plainSample, type SampleRequest } from './sample-request.ts';

/**
 * The fixture that a package names as its sample; of one that names none, the shortest that opens an incident with
 * settings as they come.
 */
export function sampleOf({ files }: Pick<PluginPackage, 'files'>): SampleRequest | undefined {
  let shortest: SampleRequest | undefined;
  for (const [path, bytes] of files) {
    if (!path.startsWith(FIXTURES_FOLDER) || !path.endsWith('.json')) continue;
    const reading = parseFixture(bytes.toString('utf8'));
    if (!reading.ok || !canBePosted(reading.fixture)) continue;
    const sample = requestOf(reading.fixture);
    if (reading.fixture.sample) return sample;
    if (!opensIncident(reading.fixture)) continue;
    if (shortest === undefined || sample.body.length < shortest.body.length) shortest = sample;
  }
  return shortest;
}

function canBePosted({ request: { method, query }, expected: { outcome } }: Fixture): boolean {
  return method === 'POST' && Object.keys(query).length === 0 && outcome !== 'invalid';
}

function opensIncident({ configuration, expected: { outcome, events } }: Fixture): boolean {
  const triggers = events?.every((event) => event['event_action'] === 'trigger') ?? false;
  return outcome === 'events' && triggers && Object.keys(configuration).length === 0;
}

function requestOf({ request: { body, contentType, headers } }: Fixture): SampleRequest {
  return {
    body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
    contentType: contentType ?? 'application/json',
    headers,
  };
}

/** Versions whose samples are kept. */
const KEPT = 200;

/**
 * Samples by plugin and version. Versions never change, so a sample that was found is kept.
 *
 * @param openPackage the package of an installed version; undefined or a failure gives the plain sample for now
 */
export function createSamples(
  openPackage: (plugin: { id: string; version: string }) => Promise<PluginPackage | undefined>,
): (plugin: { id: string; version: string }) => Promise<SampleRequest> {
  const kept = new Map<string, SampleRequest>();
  return async (plugin) => {
    const name = `${plugin.id}@${plugin.version}`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    const opened = await openPackage(plugin).catch(() => undefined);
    if (opened === undefined) return plainSample;
    const sample = sampleOf(opened) ?? plainSample;
    if (kept.size >= KEPT) kept.clear();
    kept.set(name, sample);
    return sample;
  };
}
