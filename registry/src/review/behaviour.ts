import type { FixtureTools } from '@patchbay/plugin-sdk/checks/fixtures-check';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import type { Behaviour } from '@patchbay/plugin-sdk/contract/rest/registry';
import { canonicalJson } from '@patchbay/plugin-sdk/package/canonical-json';
import {
  deliverFixtureInput,
  parseDeliverFixture,
  type DeliverFixture,
} from '@patchbay/plugin-sdk/package/deliver-fixture';
import { fixtureInput, parseFixture, type Fixture } from '@patchbay/plugin-sdk/package/fixture';
import { FIXTURES_FOLDER, type PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';

const FIXTURES_MAX = 60;

/**
 * Runs both versions on the fixtures of both, in the sandbox, and says where what comes of them differs: of a recorded
 * request its events; of a change at a connector its result and every request that it makes, with the recorded answers.
 * What an author changes in a fixture cannot hide a change: the earlier fixture is run as well.
 */
export async function compareBehaviour(
  before: PluginPackage | undefined,
  after: PluginPackage,
  tools: FixtureTools,
): Promise<Behaviour> {
  const items: Behaviour['items'] = [];
  for (const { name, fixture } of [...fixturesOf(after, ''), ...earlierFixtures(before, after)].slice(
    0,
    FIXTURES_MAX,
  )) {
    const old = before === undefined ? null : await outcomeOf(before, fixture, tools);
    const now = await outcomeOf(after, fixture, tools);
    const differs = before !== undefined && old !== now;
    items.push({ fixture: name, description: fixture.description, before: old, after: now, differs });
  }
  return { items };
}

type AnyFixture = Fixture | DeliverFixture;

interface NamedFixture {
  name: string;
  fixture: AnyFixture;
}

function earlierFixtures(before: PluginPackage | undefined, after: PluginPackage): NamedFixture[] {
  if (before === undefined) return [];
  const present = new Set(fixturesOf(after, '').map(({ fixture }) => givenBy(fixture)));
  return fixturesOf(before, ` of ${before.manifest.version}`).filter(({ fixture }) => !present.has(givenBy(fixture)));
}

/** What a fixture gives to a plugin, without what it expects of it. */
function givenBy({ expected: _expected, description: _description, ...given }: AnyFixture): string {
  return canonicalJson(given);
}

function fixturesOf({ files }: PluginPackage, mark: string): NamedFixture[] {
  return [...files].flatMap(([path, bytes]) => {
    if (!path.startsWith(FIXTURES_FOLDER)) return [];
    const text = bytes.toString('utf8');
    const parsed = parseDeliverFixture(text) ?? parseFixture(text);
    return parsed.ok ? [{ name: `${path.slice(FIXTURES_FOLDER.length)}${mark}`, fixture: parsed.fixture }] : [];
  });
}

async function outcomeOf(subject: PluginPackage, fixture: AnyFixture, tools: FixtureTools): Promise<string | null> {
  const { manifest } = subject;
  if (!manifest.provides.includes('change' in fixture ? 'deliver' : 'ingest')) return null;
  const settings = checkConfiguration(manifest.configuration, fixture.configuration);
  if (!settings.ok) return canonicalJson({ settings: settings.issues });
  if (!('change' in fixture)) return shown(await tools.runIngest(subject, fixtureInput(fixture, settings.values)));
  const input = deliverFixtureInput(fixture, settings.values);
  const { outcome, requests } = await tools.runDeliver(subject, input, fixture.answers);
  return shown({ ...outcome, requests });
}

/** Without what is another at every run. */
function shown(outcome: object): string {
  const { logs: _logs, usage: _usage, journal: _journal, ...kept } = outcome as Record<string, unknown>;
  return canonicalJson(kept);
}
