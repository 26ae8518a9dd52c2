import { parseFixture } from '@patchbay/plugin-sdk/package/fixture';
import { FIXTURES_FOLDER, type PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { plainSample, type SampleRequest } from './sample-request.ts';

/** The shortest of a package's fixtures that opens an incident with settings as they come. */
export function sampleOf({ files }: Pick<PluginPackage, 'files'>): SampleRequest | undefined {
  let best: SampleRequest | undefined;
  for (const [path, bytes] of files) {
    if (!path.startsWith(FIXTURES_FOLDER) || !path.endsWith('.json')) continue;
    const reading = parseFixture(bytes.toString('utf8'));
    if (!reading.ok) continue;
    const { request, expected, configuration } = reading.fixture;
    const triggers = expected.events?.every((event) => event['event_action'] === 'trigger') ?? false;
    const plain = Object.keys(configuration).length === 0 && Object.keys(request.query).length === 0;
    if (expected.outcome !== 'events' || !triggers || !plain || request.method !== 'POST') continue;
    const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body ?? {});
    if (best !== undefined && best.body.length <= body.length) continue;
    best = { body, contentType: request.contentType ?? 'application/json', headers: request.headers };
  }
  return best;
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
