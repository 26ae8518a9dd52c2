import { sql, type Kysely } from 'kysely';
import { requiredChecks } from '@patchbay/plugin-sdk/checks/check-result';
import type { RegistryTables } from '../store/registry-tables.ts';
import { mayBecome, needsPasses, submissionStates, type SubmissionState } from './submission-states.ts';

/**
 * Moves a submission, if it is where it may be moved from. States that need passes are entered only while the stored
 * passes of all required checks, for exactly the submitted bytes, are there; the database counts them in the very
 * statement that moves it.
 *
 * @returns whether it was moved
 */
export async function changeState(
  db: Kysely<RegistryTables>,
  submissionId: string,
  to: SubmissionState,
  now: Date,
  reason: string | null = null,
): Promise<boolean> {
  const from = submissionStates.filter((state) => mayBecome(state, to));
  let query = db
    .updateTable('registry_submissions')
    .set({ state: to, state_since: now, reason })
    .where('submission_id', '=', submissionId)
    .where('state', 'in', from);
  if (needsPasses.has(to))
    query = query.where(
      (where) =>
        where
          .selectFrom('registry_checks')
          .select(sql<number>`count(*)::int`.as('passes'))
          .whereRef('registry_checks.submission_id', '=', 'registry_submissions.submission_id')
          .whereRef('registry_checks.package_sha256', '=', 'registry_submissions.package_sha256')
          .where('outcome', '=', 'passed')
          .where('name', 'in', [...requiredChecks]),
      '=',
      requiredChecks.length,
    );
  const { numUpdatedRows } = await query.executeTakeFirst();
  return numUpdatedRows === 1n;
}
