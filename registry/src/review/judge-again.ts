import { runChecks, unreadable } from '@patchbay/plugin-sdk/checks/check-package';
import { repeatedChecks, type CheckName, type CheckResult } from '@patchbay/plugin-sdk/checks/check-result';
import { compilerIdentity } from '@patchbay/plugin-sdk/checks/compiler-identity';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { readPackage, type PackageResult } from '@patchbay/plugin-sdk/package/read-package';
import { knownHere } from '../publish/known-here.ts';
import type { Registry } from '../registry.ts';
import type { HeldFinding } from '../store/registry-tables.ts';
import { checkPolicies, fixedChecks } from './check-policies.ts';
import type { DueVersion } from './due-versions.ts';
import { judgePackage } from './judge-package.ts';
import { contentOf } from './waivers.ts';

export interface JudgedAgain {
  /** What enforced checks found, in words; empty when they found nothing. */
  found: string[];
  /** Required checks that could not be carried out, and why: neither passes nor findings. */
  undone: string[];
  /** What is waived when a reviewer releases the version. */
  waivable: HeldFinding[];
  /** The compiler of this registry, if it makes exactly this module: from now on it may be held against the version. */
  compilerSha256?: string;
}

/** Makes the repeated checks on what is stored of a published version. */
export async function judgeAgain(registry: Registry, due: DueVersion): Promise<JudgedAgain> {
  const stored = await readStored(registry, due.packageSha256);
  if (typeof stored === 'string') return { found: [], undone: [stored], waivable: [] };
  if (!stored.ok) return { found: saidBy(unreadable(stored), 'failed'), undone: [], waivable: [] };
  const subject = stored.package;
  const policies = await checkPolicies(registry.db);
  const compilerSha256 = await compilerIdentity();
  const comparable = due.compilerSha256 === compilerSha256;
  const names = repeatedChecks.filter((name) => name !== 'reproduction' || comparable);
  const results = await judgeTwice(registry, subject, names);
  const reproduced = comparable || (policies.reproduction.enabled && (await isReproduced(registry, subject)));
  return {
    ...(reproduced && { compilerSha256 }),
    found: saidBy(results, 'failed'),
    undone: saidBy(
      results.filter(({ name }) => policies[name].required),
      'errored',
    ),
    waivable: results
      .filter(({ name, outcome }) => outcome === 'failed' && !fixedChecks.includes(name))
      .flatMap(({ findings }) => findings)
      .filter(({ level }) => level === 'error')
      .map(({ rule, place }) => ({ rule, place, contentSha256: contentOf(subject, place) })),
  };
}

/** The package, or why it cannot be had: a disk that fails says nothing about what was published. */
async function readStored({ blobs }: Registry, sha256: string): Promise<PackageResult | string> {
  try {
    const bytes = await blobs.get(sha256);
    return bytes === undefined ? 'The stored package is gone.' : await readPackage(bytes);
  } catch (error) {
    return error instanceof Error ? error.message : 'The stored package cannot be read.';
  }
}

/**
 * Another compiler than that by which a version was published, or one that nobody wrote down then, may make other bytes of
 * the same sources, which is no finding. One that makes the same bytes is as good as that one.
 */
async function isReproduced(registry: Registry, subject: PluginPackage): Promise<boolean> {
  const [made] = await runChecks(subject, registry.checkTools, knownHere(registry), ['reproduction']);
  // A module that was built elsewhere passes with a warning: nothing was compared.
  return made?.outcome === 'passed' && made.findings.length === 0;
}

/** These depend on how the machine fares: a run that came too late is a finding only when it does so again. */
const RUN: readonly CheckName[] = ['fixtures', 'reproduction'];

async function judgeTwice(registry: Registry, subject: PluginPackage, names: CheckName[]): Promise<CheckResult[]> {
  const results = await judgePackage(registry, subject, names);
  const doubtful = results.filter(({ name, outcome }) => outcome === 'failed' && RUN.includes(name));
  if (doubtful.length === 0) return results;
  const again = await judgePackage(
    registry,
    subject,
    doubtful.map(({ name }) => name),
  );
  return [...results.filter((result) => !doubtful.includes(result)), ...again];
}

function saidBy(results: readonly CheckResult[], outcome: CheckResult['outcome']): string[] {
  return results.filter((result) => result.outcome === outcome).map(({ name, summary }) => `${name}: ${summary}`);
}
