import { parseFixture, type Fixture } from '@patchbay/plugin-sdk/package/fixture';
import { FIXTURES_FOLDER, type PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { plainSample, type SampleRequest } from './sample-request.ts';

/** More than this nobody pastes into a terminal. */
const BODY_CHARS = 3_000;

/**
 * Of a package's fixtures the one that shows its sender best, with settings as they come: one that opens one incident,
 * and of these the one of which its author expects most, since that is the ordinary alert and the others are its
 * variations. A sender that opens none by itself shows what is taken without an event.
 */
export function sampleOf({ files }: Pick<PluginPackage, 'files'>): SampleRequest | undefined {
  let best: { sample: SampleRequest; rank: number } | undefined;
  for (const [path, bytes] of files) {
    if (!path.startsWith(FIXTURES_FOLDER) || !path.endsWith('.json')) continue;
    const reading = parseFixture(bytes.toString('utf8'));
    if (!reading.ok) continue;
    const { request, expected, configuration } = reading.fixture;
    const plain = Object.keys(configuration).length === 0 && Object.keys(request.query).length === 0;
    if (expected.outcome === 'invalid' || !plain || request.method !== 'POST') continue;
    const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body ?? {});
    const rank = rankOf(expected, body);
    if (best !== undefined && (best.rank > rank || (best.rank === rank && best.sample.body.length >= body.length)))
      continue;
    best = { sample: { body, contentType: request.contentType ?? 'application/json', headers: request.headers }, rank };
  }
  return best?.sample;
}

/** Better with every value that is expected; one incident before several or none, a short body before a long one. */
function rankOf({ outcome, events = [] }: Fixture['expected'], body: string): number {
  const opens =
    outcome === 'events' && events.length > 0 && events.every((event) => event['event_action'] === 'trigger');
  if (!opens) return outcome === 'ignored' ? 0 : -1;
  return valuesIn(events) + (events.length === 1 ? 20_000 : 10_000) - (body.length > BODY_CHARS ? 5_000 : 0);
}

function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, one) => sum + valuesIn(one), 0);
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
