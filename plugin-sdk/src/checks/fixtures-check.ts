import { checkConfiguration } from '../contract/check-configuration.ts';
import type { DeliverInput, DeliverResult, IngestResult } from '../contract/envelopes.ts';
import type { HttpAsk } from '../contract/journal.ts';
import {
  deliverDifferences,
  deliverFixtureInput,
  parseDeliverFixture,
  type FixtureAnswer,
} from '../package/deliver-fixture.ts';
import { fixtureDifferences, fixtureInput, parseFixture } from '../package/fixture.ts';
import { FIXTURES_FOLDER, packageFiles, type PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';

interface RunFailure {
  outcome: 'error';
  code: string;
  message: string;
}
export type IngestOutcome = IngestResult | RunFailure;

/** Runs the ingest export of this package in the sandbox. Throws when the sandbox itself fails. */
export type RunIngest = (subject: PluginPackage, input: ReturnType<typeof fixtureInput>) => Promise<IngestOutcome>;

/** The same of the deliver export, whose requests get these answers. */
export type RunDeliver = (
  subject: PluginPackage,
  input: DeliverInput,
  answers: readonly FixtureAnswer[],
) => Promise<{ outcome: DeliverResult | RunFailure; requests: HttpAsk[] }>;

export interface FixtureTools {
  runIngest: RunIngest;
  runDeliver: RunDeliver;
}

export interface FixtureOutcome {
  /** Empty when it could not be read. */
  description: string;
  /** False for what is no fixture. */
  read: boolean;
  /** How what came of it differs from what it expects. */
  problems: string[];
}

/** Every fixture gives what it expects, and a plugin that takes requests shows by at least one that it does. */
export async function checkFixtures(subject: PluginPackage, tools: FixtureTools): Promise<Finding[]> {
  const { manifest, files } = subject;
  const fixtures = [...files].filter(([path]) => path.startsWith(FIXTURES_FOLDER));
  const ofDeliver = ([, bytes]: [string, Buffer]): boolean => parseDeliverFixture(bytes.toString('utf8')) !== undefined;
  if (manifest.provides.includes('ingest') && fixtures.every(ofDeliver))
    return [
      {
        rule: 'fixtures.missing',
        place: packageFiles.manifest,
        message: 'The plugin provides ingest and has no fixture of it.',
        advice: 'Put a request as the sender documents it, and what has to come of it, into fixtures/.',
        level: 'error',
      },
    ];
  const findings: Finding[] = [];
  for (const [path, bytes] of fixtures) {
    const { read, problems } = await runFixture(subject, bytes.toString('utf8'), tools);
    findings.push(
      ...problems.map((message): Finding => ({
        rule: read ? 'fixtures.different' : 'fixtures.format',
        place: path,
        message,
        advice: read
          ? 'Correct the plugin or the fixture; see "patchbay test".'
          : 'See the fixture format in the guide.',
        level: 'error',
      })),
    );
  }
  return findings;
}

/** Runs one fixture of either kind. */
export async function runFixture(subject: PluginPackage, text: string, tools: FixtureTools): Promise<FixtureOutcome> {
  const ofDeliver = parseDeliverFixture(text);
  const parsed = ofDeliver ?? parseFixture(text);
  if (!parsed.ok) return { read: false, description: '', problems: [parsed.message] };
  const { description, configuration } = parsed.fixture;
  const problems = (found: string[]): FixtureOutcome => ({ read: true, description, problems: found });
  const needed = ofDeliver === undefined ? 'ingest' : 'deliver';
  if (!subject.manifest.provides.includes(needed)) return problems([`The plugin does not provide ${needed}.`]);
  const settings = checkConfiguration(subject.manifest.configuration, configuration);
  if (!settings.ok) return problems(settings.issues.map(({ path, message }) => `configuration.${path}: ${message}`));
  if ('change' in parsed.fixture) {
    const { answers, expected } = parsed.fixture;
    const ran = await tools.runDeliver(subject, deliverFixtureInput(parsed.fixture, settings.values), answers);
    return problems(deliverDifferences(expected, ran.outcome, ran.requests));
  }
  const outcome = await tools.runIngest(subject, fixtureInput(parsed.fixture, settings.values));
  return problems(fixtureDifferences(parsed.fixture.expected, outcome));
}
