import { checkConfiguration } from '../contract/check-configuration.ts';
import type { IngestResult } from '../contract/envelopes.ts';
import { fixtureDifferences, fixtureInput, parseFixture, type Fixture } from '../package/fixture.ts';
import { FIXTURES_FOLDER, packageFiles, type PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';

export type IngestOutcome = IngestResult | { outcome: 'error'; code: string; message: string };

/** Runs the ingest export of this package in the sandbox. Throws when the sandbox itself fails. */
export type RunIngest = (subject: PluginPackage, input: ReturnType<typeof fixtureInput>) => Promise<IngestOutcome>;

/** Every fixture gives what it expects, and a plugin that takes requests shows by at least one that it does. */
export async function checkFixtures(subject: PluginPackage, run: RunIngest): Promise<Finding[]> {
  const { manifest, files } = subject;
  if (!manifest.provides.includes('ingest')) return [];
  const fixtures = [...files].filter(([path]) => path.startsWith(FIXTURES_FOLDER));
  if (fixtures.length === 0)
    return [
      {
        rule: 'fixtures.missing',
        place: packageFiles.manifest,
        message: 'The plugin provides ingest and has no fixture.',
        advice: 'Put a request as the sender documents it, and what has to come of it, into fixtures/.',
        level: 'error',
      },
    ];
  const findings: Finding[] = [];
  for (const [path, bytes] of fixtures) {
    const parsed = parseFixture(bytes.toString('utf8'));
    const problems = parsed.ok ? await runFixture(subject, parsed.fixture, run) : [parsed.message];
    findings.push(
      ...problems.map((message): Finding => ({
        rule: parsed.ok ? 'fixtures.different' : 'fixtures.format',
        place: path,
        message,
        advice: parsed.ok
          ? 'Correct the plugin or the fixture; see "patchbay test".'
          : 'See the fixture format in the guide.',
        level: 'error',
      })),
    );
  }
  return findings;
}

/** How the result of one fixture differs from what it expects. */
export async function runFixture(subject: PluginPackage, fixture: Fixture, run: RunIngest): Promise<string[]> {
  const settings = checkConfiguration(subject.manifest.configuration, fixture.configuration);
  if (!settings.ok) return settings.issues.map(({ path, message }) => `configuration.${path}: ${message}`);
  return fixtureDifferences(fixture.expected, await run(subject, fixtureInput(fixture, settings.values)));
}
