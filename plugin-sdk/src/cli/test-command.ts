import { runFixture } from '../checks/fixtures-check.ts';
import { sandboxRunIngest } from '../checks/sandbox-run-ingest.ts';
import { parseFixture } from '../package/fixture.ts';
import { FIXTURES_FOLDER } from '../package/plugin-package.ts';
import { readPackage } from '../package/read-package.ts';
import { closePluginRuns } from '../testing/run-plugin.ts';
import { failure, type CommandResult } from './command-result.ts';
import { packageBytes } from './read-bytes.ts';

/** Runs the fixtures of a plugin in the sandbox and says how each result differs from what it expects. */
export async function testCommand(path: string): Promise<CommandResult> {
  const packed = await packageBytes(path);
  if (!packed.ok) return packed.result;
  const read = await readPackage(packed.bytes);
  if (!read.ok) return failure(read.code, read.message);
  const fixtures: { name: string; description: string; problems: string[] }[] = [];
  try {
    for (const [name, bytes] of read.package.files) {
      if (!name.startsWith(FIXTURES_FOLDER)) continue;
      const parsed = parseFixture(bytes.toString('utf8'));
      fixtures.push({
        name,
        description: parsed.ok ? parsed.fixture.description : '',
        problems: parsed.ok ? await runFixture(read.package, parsed.fixture, sandboxRunIngest) : [parsed.message],
      });
    }
  } finally {
    await closePluginRuns();
  }
  const bad = fixtures.filter(({ problems }) => problems.length > 0).length;
  return {
    exitCode: bad === 0 ? 0 : 1,
    report: { fixtures, passed: fixtures.length - bad, failed: bad },
    lines: [
      ...fixtures.flatMap(({ name, description, problems }) => [
        `${problems.length === 0 ? 'passed' : 'failed'}  ${name}  ${description}`,
        ...problems.map((problem) => `  ${problem}`),
      ]),
      fixtures.length === 0
        ? `There are no fixtures in ${FIXTURES_FOLDER}`
        : `${fixtures.length - bad} passed, ${bad} failed`,
    ],
  };
}
