import type { Kysely, Selectable } from 'kysely';
import type { GroupId, InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { ApprovalStatement } from '@patchbay/plugin-sdk/package/statement';
import type { Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import type { Database } from '../store/schema.ts';
import { transact } from '../store/transact.ts';
import type { InstallationDependencies } from './install-plugin.ts';
import { eligibleAt } from './update-cooldown.ts';
import { fetchVerified, type VerifiedRelease } from './verified-release.ts';

export type EarlyUpdate = Selectable<Database['early_updates']>;

/** A session or a token of a person; the operator's own token is nobody's. */
type Asker = Pick<Actor, 'groupId' | 'name' | 'userId'>;

/**
 * A version that is held may be taken before its time when two persons want it:
 *
 *   held      -> asked       an admin, with a reason
 *   asked     -> confirmed   another admin, while the first still is one; then the update goes
 *
 * An agreement is for one installation and one package.
 *
 * @throws ApiError
 */
export async function askForEarlyUpdate(
  deps: InstallationDependencies,
  actor: Asker,
  id: InstallationId,
  { version, reason }: { version: string; reason: string },
): Promise<void> {
  const askedBy = personOf(actor);
  const row = await deps.db
    .selectFrom('installations')
    .select(['plugin_id', 'version'])
    .where('group_id', '=', actor.groupId)
    .where('installation_id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such installation.');
  if (row.version === version) throw new ApiError('CONFLICT', `${row.plugin_id} ${version} is what is installed.`);
  const release = await fetchVerified(deps, row.plugin_id, version);
  const eligible = eligibleAt(release.approval, deps.cooldownHours);
  if (eligible === null) throw new ApiError('CONFLICT', `${row.plugin_id} ${version} is not held: update to it.`);
  const { sha256 } = release.subject;
  await transact(deps.db, async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('early_updates')
      .values({
        ...{ group_id: actor.groupId, installation_id: id, version, package_sha256: sha256 },
        ...{ reason, asked_by: askedBy, asked_at: new Date(), confirmed_by: null },
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 1n)
      throw new ApiError('CONFLICT', `Somebody asked for ${version} already. Another admin can confirm it.`);
    const details = { plugin: row.plugin_id, version, sha256, reason, eligibleAt: eligible.toISOString() };
    await audit(trx, actor, 'installation.early-update.ask', id, details);
  });
  deps.hub.publish(actor.groupId, ['installations']);
}

/** @throws ApiError */
export async function confirmEarlyUpdate(
  { db, hub }: Pick<InstallationDependencies, 'db' | 'hub'>,
  actor: Asker,
  id: InstallationId,
  version: string,
): Promise<void> {
  const confirmedBy = personOf(actor);
  await transact(db, async (trx) => {
    const asked = await trx
      .selectFrom('early_updates')
      .selectAll()
      .where('group_id', '=', actor.groupId)
      .where('installation_id', '=', id)
      .where('version', '=', version)
      .forUpdate()
      .executeTakeFirst();
    if (asked === undefined) throw new ApiError('NOT_FOUND', `Nobody asked for ${version} before its time.`);
    if (asked.confirmed_by !== null) throw new ApiError('CONFLICT', 'It is confirmed already: update now.');
    if (asked.asked_by === confirmedBy)
      throw new ApiError(
        'FORBIDDEN',
        'You asked for it yourself: another admin or owner of this group has to confirm.',
      );
    const still = await trx
      .selectFrom('group_members')
      .select('role')
      .where('group_id', '=', actor.groupId)
      .where('user_id', '=', asked.asked_by)
      .where('role', 'in', ['owner', 'admin'])
      .executeTakeFirst();
    if (still === undefined)
      throw new ApiError(
        'FORBIDDEN',
        'Who asked for it is no admin of this group any more. Wait until it is eligible.',
      );
    await trx
      .updateTable('early_updates')
      .set({ confirmed_by: confirmedBy, confirmed_at: new Date() })
      .where('group_id', '=', actor.groupId)
      .where('installation_id', '=', id)
      .where('version', '=', version)
      .execute();
    const details = { version, sha256: asked.package_sha256, reason: asked.reason, askedBy: `user:${asked.asked_by}` };
    await audit(trx, actor, 'installation.early-update.confirm', id, details);
  });
  hub.publish(actor.groupId, ['installations']);
}

/**
 * Refuses what is too new to be updated to, unless two persons agreed to take it early.
 *
 * @throws ApiError UPDATE_TOO_NEW
 */
export async function demandEligible(
  { db, cooldownHours }: Pick<InstallationDependencies, 'db' | 'cooldownHours'>,
  groupId: GroupId,
  id: InstallationId,
  { approval, subject }: Pick<VerifiedRelease, 'approval' | 'subject'>,
): Promise<void> {
  const at = eligibleAt(approval, cooldownHours);
  if (at === null) return;
  const early = (await earlyUpdates(db, groupId, [id])).find(({ version }) => version === approval.version);
  if (isAgreed(early, subject.sha256)) return;
  throw tooNew(approval, at, 'Installations are updated to it');
}

/** The refusal of a version that is held. */
export function tooNew({ id, version, approvedAt }: ApprovalStatement, at: Date, act: string): ApiError {
  const from = at.toISOString();
  return new ApiError('UPDATE_TOO_NEW', `${id} ${version} was approved at ${approvedAt}. ${act} from ${from}.`, {
    details: [{ path: 'eligibleAt', message: from }],
  });
}

/** That two persons agreed to take exactly this package. */
export function isAgreed(early: EarlyUpdate | undefined, packageSha256: string): boolean {
  return early !== undefined && early.confirmed_by !== null && early.package_sha256 === packageSha256;
}

/** What was asked for of these installations, confirmed or not. */
export async function earlyUpdates(
  db: Kysely<Database>,
  groupId: GroupId,
  ids: readonly InstallationId[],
): Promise<EarlyUpdate[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('early_updates')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('installation_id', 'in', ids)
    .execute();
}

function personOf({ userId }: Asker): string {
  if (userId === null)
    throw new ApiError('FORBIDDEN', 'Two persons have to agree, and this token is of no person. Sign in.');
  return userId;
}
