import type { Registry } from '../registry.ts';
import { startRounds, type Rounds } from '../review/rounds.ts';
import { packageOf } from '../review/submitted-package.ts';
import { changeState } from './change-state.ts';
import { checkSubmission } from './check-submission.ts';
import { quarantineSubmission } from './quarantine.ts';

const EVERY_MS = 30 * 1000;
/** An upload that has not begun its checks after this long has lost its process. */
const STUCK_MS = 2 * 60 * 1000;
const ROUND = 10;
/** After so many attempts a person has to look. */
const ATTEMPTS_MAX = 8;
const ACTOR = 'policy:watchdog';

/**
 * Takes up what got stuck: submissions whose process died, and those of which a check could not be carried out. What
 * cannot be checked again and again is held for a person; it is never passed.
 *
 * @returns the submissions that were taken up
 */
export async function resumeStuckChecks(registry: Registry): Promise<string[]> {
  const now = registry.now();
  const stuck = await registry.db
    .selectFrom('registry_submissions')
    .select(['submission_id', 'package_sha256', 'check_attempts'])
    .where('state', 'in', ['uploaded', 'checking'])
    .where((eb) =>
      eb.or([
        eb('check_until', '<', now),
        eb.and([eb('check_until', 'is', null), eb('state_since', '<', new Date(now.getTime() - STUCK_MS))]),
      ]),
    )
    .orderBy('state_since')
    .limit(ROUND)
    .execute();
  for (const { submission_id, package_sha256, check_attempts } of stuck) {
    await changeState(registry.db, submission_id, 'checking', registry.now(), ACTOR);
    const subject = await packageOf(registry, package_sha256);
    if (subject === undefined)
      await quarantineSubmission(registry, submission_id, ACTOR, 'The stored package cannot be read.');
    else if (check_attempts >= ATTEMPTS_MAX)
      await quarantineSubmission(
        registry,
        submission_id,
        ACTOR,
        'Its checks could not be carried out, time and again.',
      );
    else await checkSubmission(registry, submission_id, subject);
  }
  return stuck.map((row) => row.submission_id);
}

/** Looks for stuck submissions again and again, one round at a time. */
export function watchChecks(registry: Registry, log: { warn(fields: object, message: string): void }): Rounds {
  const round = async (): Promise<void> => {
    const resumed = await resumeStuckChecks(registry);
    if (resumed.length > 0) log.warn({ resumed }, 'submissions were stuck and are checked again');
  };
  return startRounds(EVERY_MS, round, (error) => log.warn({ err: error }, 'stuck submissions could not be looked for'));
}
