import { requiredChecks, type CheckName } from '@patchbay/plugin-sdk/checks/check-result';
import type { Kysely } from 'kysely';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { checkAllSoon } from './due-versions.ts';

/**
 * The switches of a check.
 *
 *   enabled    it is made
 *   enforced   a finding rejects; otherwise it is shown
 *   required   nothing is published without its stored pass; only what is made can be required
 */
export interface CheckPolicy {
  enabled: boolean;
  enforced: boolean;
  required: boolean;
}

/** Without these nothing else means anything: what a package is, and that its module does what its manifest says. */
export const fixedChecks: readonly CheckName[] = ['archive', 'manifest', 'imports', 'module'];

const ON: CheckPolicy = { enabled: true, enforced: true, required: true };

/** The switches of every check; all on where nobody has said otherwise. */
export async function checkPolicies(db: Kysely<RegistryTables>): Promise<Record<CheckName, CheckPolicy>> {
  const rows = await db
    .selectFrom('registry_check_policies')
    .select(['name', 'enabled', 'enforced', 'required'])
    .execute();
  const said = new Map(rows.map(({ name, ...policy }) => [name, policy]));
  return Object.fromEntries(requiredChecks.map((name) => [name, said.get(name) ?? ON])) as Record<
    CheckName,
    CheckPolicy
  >;
}

export type CheckPolicyOutcome = { ok: true } | { ok: false; code: 'CONFLICT' | 'BODY_INVALID'; message: string };

/**
 * Sets the switches of a check, from the next package on; written to the decision log. What is published is checked again
 * by a check whose findings count from now on.
 */
export async function setCheckPolicy(
  registry: Registry,
  name: CheckName,
  { enabled, enforced, required }: CheckPolicy,
  by: string,
  reason: string,
): Promise<CheckPolicyOutcome> {
  if (fixedChecks.includes(name)) return { ok: false, code: 'CONFLICT', message: `The check "${name}" is always on.` };
  if (required && !enabled)
    return {
      ok: false,
      code: 'BODY_INVALID',
      message: 'A check that is not made cannot be required: nothing would pass.',
    };
  const now = registry.now();
  const values = { enabled, enforced, required, changed_by: by, changed_at: now };
  await registry.db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('registry_check_policies')
      .values({ name, ...values })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
      .execute();
    if (enabled && enforced) await checkAllSoon(transaction);
    const details = { enabled, enforced, required, reason };
    await appendDecision(
      transaction,
      registry.key,
      { actor: by, action: 'check.changed', subject: name, details },
      now,
    );
  });
  return { ok: true };
}
