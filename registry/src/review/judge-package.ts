import { runChecks } from '@patchbay/plugin-sdk/checks/check-package';
import { requiredChecks, type CheckName, type CheckResult } from '@patchbay/plugin-sdk/checks/check-result';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { knownHere } from '../publish/known-here.ts';
import type { Registry } from '../registry.ts';
import { checkPolicies } from './check-policies.ts';
import { applyWaivers } from './waivers.ts';

/**
 * What this registry makes of a package: the checks that are switched on, less the findings that a reviewer has waived
 * for exactly this content; what is not enforced is said and stops nothing.
 */
export async function judgePackage(
  registry: Registry,
  subject: PluginPackage,
  names: readonly CheckName[] = requiredChecks,
): Promise<CheckResult[]> {
  const policies = await checkPolicies(registry.db);
  const enabled = names.filter((name) => policies[name].enabled);
  const found = await runChecks(subject, registry.checkTools, knownHere(registry), enabled);
  const results = await applyWaivers(registry.db, subject, found);
  return results.map((result) =>
    result.outcome !== 'failed' || policies[result.name].enforced
      ? result
      : { ...result, outcome: 'passed' as const, summary: `Not enforced here: ${result.summary}`.slice(0, 500) },
  );
}
