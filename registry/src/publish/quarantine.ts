import type { Transaction } from 'kysely';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { changeState } from './change-state.ts';

/**
 * Holds a submission that is not decided yet. A person rejects it or has it checked again.
 *
 * @returns false when it is not in a state that can be held
 */
export async function quarantineSubmission(
  registry: Registry,
  submissionId: string,
  by: string,
  reason: string,
): Promise<boolean> {
  return registry.db
    .transaction()
    .execute((transaction) => quarantineIn(transaction, registry, submissionId, by, reason));
}

/** The same, with what else is changed. */
export async function quarantineIn(
  transaction: Transaction<RegistryTables>,
  registry: Registry,
  submissionId: string,
  by: string,
  reason: string,
): Promise<boolean> {
  const now = registry.now();
  if (!(await changeState(transaction, submissionId, 'quarantined', now, by, reason))) return false;
  const { plugin_id, version } = await transaction
    .selectFrom('registry_submissions')
    .select(['plugin_id', 'version'])
    .where('submission_id', '=', submissionId)
    .executeTakeFirstOrThrow();
  const decision = { actor: by, action: 'submission.quarantined', subject: `${plugin_id} ${version}` } as const;
  await appendDecision(transaction, registry.key, { ...decision, details: { submissionId, reason } }, now);
  return true;
}

/** Has a held submission checked as if it had just come. @returns false when it is not held */
export async function recheckSubmission(registry: Registry, submissionId: string, by: string): Promise<boolean> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction) => {
    if (!(await changeState(transaction, submissionId, 'checking', now, by, 'Checked again'))) return false;
    await transaction
      .updateTable('registry_submissions')
      .set({ check_claim: null, check_until: now, check_attempts: 0 })
      .where('submission_id', '=', submissionId)
      .execute();
    return true;
  });
}
