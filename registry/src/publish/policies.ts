import type { Kysely } from 'kysely';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';

export interface Policy {
  id: string;
  namespace: string;
  /** The policy in words, as it stands in the decision log. */
  statement: string;
  cooldownSeconds: number;
}

/**
 * How first-party plugins are approved without a person: the same checks have to pass, and every approval names this
 * policy in the log.
 */
export const bootstrapPolicy: Policy = {
  id: 'bootstrap',
  namespace: 'patchbay',
  statement:
    'Namespace patchbay, from this checkout: every required check must pass; then the version is approved by this policy. The cooldown is 0 here.',
  cooldownSeconds: 0,
};

/** Records a policy, once; the decision log then holds its words. */
export async function recordPolicy(registry: Registry, policy: Policy, recordedBy: string): Promise<void> {
  const now = registry.now();
  await registry.db.transaction().execute(async (transaction) => {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('registry_policies')
      .values({
        policy_id: policy.id,
        namespace: policy.namespace,
        statement: policy.statement,
        cooldown_seconds: policy.cooldownSeconds,
        recorded_by: recordedBy,
        recorded_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 1n) return;
    const decision = { actor: recordedBy, action: 'policy.recorded', subject: policy.id } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: { ...policy } }, now);
  });
}

export async function findPolicy(db: Kysely<RegistryTables>, id: string): Promise<Policy | undefined> {
  const row = await db.selectFrom('registry_policies').selectAll().where('policy_id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  return { id, namespace: row.namespace, statement: row.statement, cooldownSeconds: row.cooldown_seconds };
}
