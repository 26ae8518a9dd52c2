import type { z } from 'zod';
import type { InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { installationPatchSchema } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import { putSecret, retireSecrets, secretNames } from '../secrets/secret-store.ts';
import { storableJson } from '../store/storable.ts';
import { transact } from '../store/transact.ts';
import { checkedSettings, checkSecrets, type InstallationDependencies, type Installer } from './install-plugin.ts';

/** Changes settings, secrets or state. A quarantined installation is not switched on from here. */
export async function changeInstallation(
  deps: InstallationDependencies,
  actor: Installer,
  id: InstallationId,
  patch: z.output<typeof installationPatchSchema>,
): Promise<void> {
  await transact(deps.db, async (trx) => {
    const row = await trx
      .selectFrom('installations')
      .select(['manifest', 'environment', 'state'])
      .where('group_id', '=', actor.groupId)
      .where('installation_id', '=', id)
      .where('removed_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such installation.');
    if (patch.state === 'enabled' && row.state === 'quarantined')
      throw new ApiError(
        'CONFLICT',
        'This version is quarantined: it failed too often, or the registry withdrew it. Update to another version, or roll back.',
      );
    const secrets = Object.entries(patch.secrets ?? {});
    checkSecrets(
      row.manifest,
      secrets.map(([name]) => name),
      false,
    );
    const changes = {
      ...(patch.state === undefined ? {} : { state: patch.state }),
      ...(patch.configuration === undefined
        ? {}
        : { configuration: storableJson(checkedSettings(row.manifest, patch.configuration)) }),
    };
    if (Object.keys(changes).length > 0)
      await trx
        .updateTable('installations')
        .set(changes)
        .where('group_id', '=', actor.groupId)
        .where('installation_id', '=', id)
        .execute();
    // While it was off its integrations could hear nothing: their silence counts from now.
    if (patch.state === 'enabled')
      await trx
        .updateTable('integrations')
        .set({ watched_since: new Date() })
        .where('group_id', '=', actor.groupId)
        .where('installation_id', '=', id)
        .execute();
    const owner = {
      groupId: actor.groupId,
      environment: row.environment,
      ownerKind: 'installation',
      ownerId: id,
    } as const;
    for (const [name, value] of secrets) await putSecret(trx, deps.vault, { ...owner, name, value });
    const details = { fields: Object.keys(changes), secrets: secrets.map(([name]) => name) };
    await audit(trx, actor, 'installation.update', id, {
      ...details,
      ...(patch.state === undefined ? {} : { state: patch.state }),
    });
  });
  deps.changed?.();
  deps.hub.publish(actor.groupId, ['installations']);
}

/** Removes an installation that nothing uses. Its row stays, for what it did; its secrets end at once. */
export async function removeInstallation(
  deps: InstallationDependencies,
  actor: Installer,
  id: InstallationId,
): Promise<void> {
  const removed = await transact(deps.db, async (trx) => {
    const row = await trx
      .selectFrom('installations')
      .select(['plugin_id', 'version', 'environment'])
      .where('group_id', '=', actor.groupId)
      .where('installation_id', '=', id)
      .where('removed_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such installation.');
    for (const [table, what] of [
      ['integrations', 'Integrations'],
      ['destinations', 'Destinations'],
    ] as const) {
      const users = await trx
        .selectFrom(table)
        .select('name')
        .where('group_id', '=', actor.groupId)
        .where('installation_id', '=', id)
        .where('removed_at', 'is', null)
        .limit(3)
        .execute();
      if (users.length > 0)
        throw new ApiError('PLUGIN_IN_USE', `${what} still use it: ${users.map(({ name }) => name).join(', ')}.`);
    }
    await trx
      .updateTable('installations')
      .set({ removed_at: new Date(), state: 'disabled' })
      .where('group_id', '=', actor.groupId)
      .where('installation_id', '=', id)
      .execute();
    const owner = {
      groupId: actor.groupId,
      environment: row.environment,
      ownerKind: 'installation',
      ownerId: id,
    } as const;
    // Also those that only an earlier version declared.
    for (const name of await secretNames(trx, owner)) await retireSecrets(trx, { ...owner, name });
    await audit(trx, actor, 'installation.remove', id, { plugin: row.plugin_id });
    return row;
  });
  await deps.client.countInstall(removed.plugin_id, removed.version, -1);
  deps.changed?.();
  deps.hub.publish(actor.groupId, ['installations']);
}
