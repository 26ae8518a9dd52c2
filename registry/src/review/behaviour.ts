import type { RunIngest } from '@patchbay/plugin-sdk/checks/fixtures-check';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import type { Behaviour } from '@patchbay/plugin-sdk/contract/rest/registry';
import { canonicalJson } from '@patchbay/plugin-sdk/package/canonical-json';
import { fixtureInput, parseFixture, type Fixture } from '@patchbay/plugin-sdk/package/fixture';
import { FIXTURES_FOLDER, type PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';

const FIXTURES_MAX = 60;

/**
 * Runs both versions on the recorded payloads of both, in the sandbox, and says where what comes of them differs. What
 * an author changes in a fixture cannot hide a change: the earlier payload is run as well.
 */
export async function compareBehaviour(
  before: PluginPackage | undefined,
  after: PluginPackage,
  run: RunIngest,
): Promise<Behaviour> {
  const items: Behaviour['items'] = [];
  for (const { name, fixture } of [...fixturesOf(after, ''), ...earlierFixtures(before, after)].slice(
    0,
    FIXTURES_MAX,
  )) {
    const old = before === undefined ? null : await outcomeOf(before, fixture, run);
    const now = await outcomeOf(after, fixture, run);
    const differs = before !== undefined && old !== now;
    items.push({ fixture: name, description: fixture.description, before: old, after: now, differs });
  }
  return { items };
}

interface NamedFixture {
  name: string;
  fixture: Fixture;
}

function earlierFixtures(before: PluginPackage | undefined, after: PluginPackage): NamedFixture[] {
  if (before === undefined) return [];
  const present = new Set(fixturesOf(after, '').map(({ fixture }) => canonicalJson(fixture.request)));
  return fixturesOf(before, ` of ${before.manifest.version}`).filter(
    ({ fixture }) => !present.has(canonicalJson(fixture.request)),
  );
}

function fixturesOf({ files }: PluginPackage, mark: string): NamedFixture[] {
  return [...files].flatMap(([path, bytes]) => {
    const parsed = path.startsWith(FIXTURES_FOLDER) ? parseFixture(bytes.toString('utf8')) : undefined;
    return parsed?.ok === true
      ? [{ name: `${path.slice(FIXTURES_FOLDER.length)}${mark}`, fixture: parsed.fixture }]
      : [];
  });
}

async function outcomeOf(subject: PluginPackage, fixture: Fixture, run: RunIngest): Promise<string | null> {
  if (!subject.manifest.provides.includes('ingest')) return null;
  const settings = checkConfiguration(subject.manifest.configuration, fixture.configuration);
  if (!settings.ok) return canonicalJson({ settings: settings.issues });
  const {
    logs: _logs,
    usage: _usage,
    journal: _journal,
    ...shown
  } = (await run(subject, fixtureInput(fixture, settings.values))) as unknown as Record<string, unknown>;
  return canonicalJson(shown);
}
