import { runFixture } from '../checks/fixtures-check.ts';
import { sandboxFixtureTools, type FixtureRun } from '../checks/sandbox-fixture-tools.ts';
import type { LogLine } from '../contract/run.ts';
import { FIXTURES_FOLDER, type PluginPackage } from '../package/plugin-package.ts';
import { readPackage } from '../package/read-package.ts';
import { closePluginRuns } from '../testing/plugin-sandbox.ts';
import { askLine, showAsk, type ShownAsk } from '../testing/shown-ask.ts';
import { failure, type CommandResult } from './command-result.ts';
import { logLine, outcomeLines } from './outcome-lines.ts';
import { noProgress, type Progress } from './progress.ts';
import { packageBytes } from './read-bytes.ts';

/** A fixture with what there was to see of its run; that is missing where it did not come to one. */
interface FixtureReport {
  name: string;
  description: string;
  problems: string[];
  seen?: Seen;
}

interface Seen {
  outcome: unknown;
  output: string[];
  journal: ShownAsk[];
  logs: LogLine[];
  cpuMicros: number;
}

/**
 * Runs the fixtures of a plugin in the sandbox and says how each result differs from what it expects.
 *
 * @param show whether the output, the journal, the logs and the time of each are printed too
 */
export async function testCommand(path: string, { show = false, progress = noProgress } = {}): Promise<CommandResult> {
  const packed = await packageBytes(path, progress);
  if (!packed.ok) return packed.result;
  const read = await readPackage(packed.bytes);
  if (!read.ok) return failure(read.code, read.message);
  try {
    return report(await runFixtures(read.package, progress), show);
  } finally {
    await closePluginRuns();
  }
}

async function runFixtures(subject: PluginPackage, progress: Progress): Promise<FixtureReport[]> {
  const files = [...subject.files].filter(([name]) => name.startsWith(FIXTURES_FOLDER));
  const fixtures: FixtureReport[] = [];
  const step = progress.begin('Running fixtures', files.length);
  for (const [name, bytes] of files) {
    let seen: FixtureRun | undefined;
    const tools = sandboxFixtureTools((run) => void (seen = run));
    const { description, problems } = await runFixture(subject, bytes.toString('utf8'), tools);
    fixtures.push({ name, description, problems, ...(seen === undefined ? {} : { seen: shown(seen) }) });
    step.advance();
  }
  step.end();
  return fixtures;
}

function shown({ outcome, asks }: FixtureRun): Seen {
  const { logs, usage, journal: _journal, runs: _runs, ...result } = outcome;
  return {
    outcome: result,
    output: outcomeLines(outcome),
    journal: asks.map(({ ask, answer }) => showAsk(ask, answer)),
    logs,
    cpuMicros: usage.cpuMicros,
  };
}

function report(fixtures: FixtureReport[], show: boolean): CommandResult {
  const bad = fixtures.filter(({ problems }) => problems.length > 0).length;
  return {
    exitCode: bad === 0 ? 0 : 1,
    report: {
      fixtures: fixtures.map(fixtureReport),
      passed: fixtures.length - bad,
      failed: bad,
    },
    lines: [
      ...fixtures.flatMap((fixture) => fixtureLines(fixture, show)),
      fixtures.length === 0
        ? `There are no fixtures in ${FIXTURES_FOLDER}`
        : `${fixtures.length - bad} passed, ${bad} failed`,
    ],
  };
}

function fixtureReport({ seen, ...fixture }: FixtureReport): Record<string, unknown> {
  if (seen === undefined) return fixture;
  const { output: _output, ...others } = seen;
  return { ...fixture, ...others };
}

function fixtureLines({ name, description, problems, seen }: FixtureReport, show: boolean): string[] {
  const time = show && seen !== undefined ? `  (${seen.cpuMicros} us)` : '';
  return [
    `${problems.length === 0 ? 'passed' : 'failed'}  ${name}  ${description}${time}`,
    ...problems.map((problem) => `  ${problem}`),
    ...(show && seen !== undefined
      ? [...seen.output, ...seen.journal.map(askLine), ...seen.logs.map(logLine)].map((line) => `    ${line}`)
      : []),
  ];
}
