import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { tooNew } from './early-updates.ts';
import type { InstallationDependencies } from './install-plugin.ts';
import { eligibleAt } from './update-cooldown.ts';
import type { VerifiedRelease } from './verified-release.ts';

/**
 * Refuses a new installation that is an update in all but name: of a version that is held, in a group that has the plugin
 * or had it within the cooldown. The package that ran there may be installed again.
 *
 * @throws ApiError UPDATE_TOO_NEW
 */
export async function demandNoUpdateInDisguise(
  { db, cooldownHours }: Pick<InstallationDependencies, 'db' | 'cooldownHours'>,
  groupId: GroupId,
  { approval, subject }: Pick<VerifiedRelease, 'approval' | 'subject'>,
): Promise<void> {
  const at = eligibleAt(approval, cooldownHours);
  if (at === null) return;
  const cooldownMs = at.getTime() - Date.parse(approval.approvedAt);
  const replaced = await db
    .selectFrom('installations')
    .select('package_sha256')
    .where('group_id', '=', groupId)
    .where('plugin_id', '=', approval.id)
    .where((where) =>
      where.or([where('removed_at', 'is', null), where('removed_at', '>', new Date(Date.now() - cooldownMs))]),
    )
    .execute();
  if (replaced.length === 0 || replaced.some(({ package_sha256 }) => package_sha256 === subject.sha256)) return;
  throw tooNew(approval, at, 'This group has the plugin, or had it just now: it is installed');
}
