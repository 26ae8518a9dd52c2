import { sql, type Kysely } from 'kysely';
import { requiredChecks } from '@patchbay/plugin-sdk/checks/check-result';
import { submissionStates, type SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';
import type { RegistryTables } from '../store/registry-tables.ts';
import { mayBecome, needsPasses } from './submission-states.ts';

/**
 * Moves a submission, if it is where it may be moved from. States that need passes are entered only while the stored
 * passes of all required checks, for exactly the submitted bytes, are there; the database looks for them in the very
 * statement that moves it, and the same statement writes down when it was moved and by whom.
 *
 * @returns whether it was moved
 */
export async function changeState(
  db: Kysely<RegistryTables>,
  submissionId: string,
  to: SubmissionState,
  now: Date,
  by: string,
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
      sql<boolean>`not exists (
        select 1
        from unnest(array[${sql.join(requiredChecks)}]::text[]) as needed (name)
        left join registry_check_policies p on p.name = needed.name
        where coalesce(p.required, true)
          and not exists (
            select 1 from registry_checks c
            where c.submission_id = registry_submissions.submission_id
              and c.package_sha256 = registry_submissions.package_sha256
              and c.name = needed.name
              and c.outcome = 'passed'))`,
    );
  const { numInsertedOrUpdatedRows } = await db
    .with('moved', () => query.returning('submission_id'))
    .insertInto('registry_submission_events')
    .columns(['submission_id', 'number', 'state', 'actor', 'reason', 'at'])
    .expression((eb) =>
      eb.selectFrom('moved').select([
        'moved.submission_id',
        sql<number>`1 + (select count(*)::int from registry_submission_events e
                           where e.submission_id = moved.submission_id)`.as('number'),
        sql<SubmissionState>`${to}::text`.as('state'),
        sql<string>`${by}::text`.as('actor'),
        sql<string | null>`${reason}::text`.as('reason'),
        sql<Date>`${now}::timestamptz`.as('at'),
      ]),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}
