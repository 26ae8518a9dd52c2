import { updateCatalogue } from '../catalogue/update-catalogue.ts';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import type { HeldFinding } from '../store/registry-tables.ts';
import { claimDueVersion, versionsOfRound, type DueVersion } from './due-versions.ts';
import { judgeAgain, type JudgedAgain } from './judge-again.ts';

const ACTOR = 'policy:checks-again';
const REASON_CHARS = 1000;

export interface Round {
  /** As `namespace/name version`. */
  held: string[];
  /** Those of which a check could not be carried out, and why. */
  undone: string[];
}

/**
 * Checks what is published once more: soon after a rule has changed, and once a day, for what is known to be bad grows
 * and what a check sees does as well.
 *
 *   resting -> claimed   its time has come; for one process, until `recheck_after`
 *   claimed -> resting   every required check was carried out and nothing was found
 *   claimed -> held      a check found something, and findings of that check are enforced
 *   claimed -> claimed   a required check could not be carried out, or the process died: tried again after a while
 *   held    -> resting   a person has released it
 *
 * What is held is not offered any more; where it is installed it goes on running, which a reviewer ends by revoking it.
 * Each takes a turn of those in which submissions are checked, and lets every submission go first.
 *
 * @param most versions of this round, so that a registry is never busy with itself
 */
export async function checkPublishedAgain(
  registry: Registry,
  { most, stopping }: { most?: number; stopping?: AbortSignal } = {},
): Promise<Round> {
  const round: Round = { held: [], undone: [] };
  const left = most ?? (await versionsOfRound(registry));
  for (let done = 0; done < left && stopping?.aborted !== true; done++)
    if (!(await registry.checkTurns(() => checkNext(registry, round), 'background'))) break;
  return round;
}

/** @returns false when nothing is due */
async function checkNext(registry: Registry, round: Round): Promise<boolean> {
  const due = await claimDueVersion(registry);
  if (due === undefined) return false;
  const name = `${due.plugin} ${due.version}`;
  const judged = await judgeAgain(registry, due);
  if (judged.found.length > 0) {
    if (await hold(registry, due, judged.found.join(' ').slice(0, REASON_CHARS), judged.waivable))
      round.held.push(name);
  } else if (judged.undone.length > 0) round.undone.push(`${name}: ${judged.undone.join(' ')}`);
  else await complete(registry, due, judged);
  return true;
}

async function complete(
  registry: Registry,
  { plugin, version }: DueVersion,
  { compilerSha256 }: JudgedAgain,
): Promise<void> {
  await registry.db
    .updateTable('registry_versions')
    .set({ rechecked_at: registry.now(), recheck_after: null, recheck_attempts: 0 })
    .$if(compilerSha256 !== undefined, (update) => update.set({ compiler_sha256: compilerSha256 ?? null }))
    .where('plugin_id', '=', plugin)
    .where('version', '=', version)
    .execute();
}

/** @returns false when it was held or revoked meanwhile */
async function hold(
  registry: Registry,
  { plugin, version }: DueVersion,
  reason: string,
  waivable: HeldFinding[],
): Promise<boolean> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('registry_versions')
      .set({ held_at: now, held_reason: reason, held_findings: JSON.stringify(waivable) })
      .set({ rechecked_at: now, recheck_after: null, recheck_attempts: 0 })
      .where('plugin_id', '=', plugin)
      .where('version', '=', version)
      .where('held_at', 'is', null)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) return false;
    await updateCatalogue(transaction, plugin, now);
    const decision = { actor: ACTOR, action: 'version.held', subject: `${plugin} ${version}` } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: { reason } }, now);
    return true;
  });
}
