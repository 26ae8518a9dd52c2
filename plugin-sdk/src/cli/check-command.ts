import { checkPackage } from '../checks/check-package.ts';
import { reproduceInChild } from '../checks/reproduce-in-child.ts';
import { sandboxFixtureTools } from '../checks/sandbox-fixture-tools.ts';
import { comparingChecks, requiredChecks, type CheckResult } from '../checks/check-result.ts';
import { closePluginRuns } from '../testing/plugin-sandbox.ts';
import type { CommandResult } from './command-result.ts';
import type { Progress } from './progress.ts';
import { packageBytes } from './read-bytes.ts';

/** Makes the checks that a registry makes, but for those that compare with what only it knows, before anything is uploaded. */
export async function checkCommand(path: string, progress: Progress): Promise<CommandResult> {
  const read = await packageBytes(path, progress);
  return read.ok ? checkBytes(read.bytes, progress) : read.result;
}

/** The checks on the bytes of a package. */
export async function checkBytes(bytes: Uint8Array, progress: Progress): Promise<CommandResult> {
  const here = requiredChecks.length - comparingChecks.length;
  const step = progress.begin('Checking', here);
  try {
    const tools = { ...sandboxFixtureTools(), reproduce: reproduceInChild, made: () => step.advance() };
    const { results } = await checkPackage(bytes, tools);
    const passed = results.filter(({ outcome }) => outcome === 'passed').length;
    return {
      exitCode: passed === here ? 0 : 1,
      report: { passed, required: here, checks: results, inRegistry: comparingChecks },
      lines: [
        ...results.flatMap(checkLines),
        `${passed} of ${here} checks passed`,
        `The registry compares with what it knows after the upload: ${comparingChecks.join(', ')}`,
      ],
    };
  } finally {
    step.end();
    await closePluginRuns();
  }
}

/** A check as a person reads it: the outcome, then each finding with place and advice. */
export function checkLines({ name, outcome, summary, findings }: CheckResult): string[] {
  return [
    `${outcome.padEnd(7)} ${name}: ${summary}`,
    ...findings.map(({ level, rule, place, message, advice }) => `  ${level} ${place} ${message} ${advice} [${rule}]`),
  ];
}
