import { parseFixture, type Fixture } from '@patchbay/plugin-sdk/package/fixture';
import { FIXTURES_FOLDER, type PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { plainSample, type SampleRequest } from './sample-request.ts';

/** More than this nobody pastes into a terminal. */
const BODY_CHARS = 3_000;

/**
 * The fixture that a package names as its sample. Of one that names none, what shows its sender best with settings as they
 * come: a request that opens one incident, and of these the one of which its author expects most, since that is the
 * ordinary alert and the others are its variations. A sender that opens none by itself shows what is taken without an
 * event.
 */
export function sampleOf({ files }: Pick<PluginPackage, 'files'>): SampleRequest | undefined {
  let best: Ranked | undefined;
  for (const [path, bytes] of files) {
    if (!path.startsWith(FIXTURES_FOLDER) || !path.endsWith('.json')) continue;
    const reading = parseFixture(bytes.toString('utf8'));
    if (!reading.ok || !canBePosted(reading.fixture)) continue;
    const sample = requestOf(reading.fixture);
    if (reading.fixture.sample) return sample;
    if (Object.keys(reading.fixture.configuration).length > 0) continue;
    const rank = rankOf(reading.fixture.expected, sample.body);
    if (best === undefined || isBetter({ sample, rank }, best)) best = { sample, rank };
  }
  return best?.sample;
}

function canBePosted({ request: { method, query }, expected: { outcome } }: Fixture): boolean {
  return method === 'POST' && Object.keys(query).length === 0 && outcome !== 'invalid';
}

/** Better with every value that is expected, and with one incident rather than several or none. */
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

interface Ranked {
  readonly sample: SampleRequest;
  readonly rank: number;
}

/** Of two that rank alike the longer one, since the shorter leaves something out. */
function isBetter(one: Ranked, other: Ranked): boolean {
  return one.rank === other.rank ? one.sample.body.length > other.sample.body.length : one.rank > other.rank;
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
