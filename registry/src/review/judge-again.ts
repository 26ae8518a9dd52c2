import { unreadable } from '@patchbay/plugin-sdk/checks/check-package';
import { repeatedChecks, type CheckName, type CheckResult } from '@patchbay/plugin-sdk/checks/check-result';
import { compilerIdentity } from '@patchbay/plugin-sdk/checks/compiler-identity';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { readPackage, type PackageResult } from '@patchbay/plugin-sdk/package/read-package';
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
}

/** Makes the repeated checks on what is stored of a published version. */
export async function judgeAgain(registry: Registry, due: DueVersion): Promise<JudgedAgain> {
  const stored = await readStored(registry, due.packageSha256);
  if (typeof stored === 'string') return { found: [], undone: [stored], waivable: [] };
  if (!stored.ok) return { found: saidBy(unreadable(stored), 'failed'), undone: [], waivable: [] };
  const subject = stored.package;
  const results = await judgeTwice(registry, subject, await meaningfulChecks(due));
  const policies = await checkPolicies(registry.db);
  return {
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
 * Another compiler makes other bytes of the same sources, which is no finding: what was published is compared only while
 * this registry has the compiler that it had then.
 */
async function meaningfulChecks({ compilerSha256 }: DueVersion): Promise<CheckName[]> {
  const compiler = await compilerIdentity();
  return repeatedChecks.filter((name) => name !== 'reproduction' || compilerSha256 === compiler);
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
