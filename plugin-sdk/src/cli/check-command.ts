import { checkPackage } from '../checks/check-package.ts';
import { reproduceInChild } from '../checks/reproduce-in-child.ts';
import { sandboxFixtureTools } from '../checks/sandbox-fixture-tools.ts';
import { requiredChecks, type CheckResult } from '../checks/check-result.ts';
import { closePluginRuns } from '../testing/plugin-sandbox.ts';
import type { CommandResult } from './command-result.ts';
import type { Progress } from './progress.ts';
import { packageBytes } from './read-bytes.ts';

/** Makes the checks that a registry makes, before anything is uploaded. */
export async function checkCommand(path: string, progress: Progress): Promise<CommandResult> {
  const read = await packageBytes(path, progress);
  return read.ok ? checkBytes(read.bytes, progress) : read.result;
}

/** The checks on the bytes of a package. */
export async function checkBytes(bytes: Uint8Array, progress: Progress): Promise<CommandResult> {
  const step = progress.begin('Checking', requiredChecks.length);
  try {
    const tools = { ...sandboxFixtureTools(), reproduce: reproduceInChild, made: () => step.advance() };
    const { results } = await checkPackage(bytes, tools);
    const passed = results.filter(({ outcome }) => outcome === 'passed').length;
    return {
      exitCode: passed === requiredChecks.length ? 0 : 1,
      report: { passed, required: requiredChecks.length, checks: results },
      lines: [...results.flatMap(checkLines), `${passed} of ${requiredChecks.length} checks passed`],
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
