import type { z } from 'zod';
import type { InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { installationPatchSchema } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import { forgetTokens } from '../effects/credentials/token-keeper.ts';
import { retireSecrets, secretNames } from '../secrets/secret-store.ts';
import { storableJson } from '../store/storable.ts';
import { transact } from '../store/transact.ts';
import { agreedToChange } from './agreed-consent.ts';
import { enterSecrets } from './enter-secrets.ts';
import { checkedSettings, checkEntered, type InstallationDependencies, type Installer } from './install-plugin.ts';

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
      .select(['manifest', 'environment', 'state', 'configuration', 'consent_digest'])
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
    const secrets = patch.secrets ?? {};
    checkEntered(row.manifest, secrets, false);
    const configuration =
      patch.configuration === undefined ? row.configuration : checkedSettings(row.manifest, patch.configuration);
    const consent = agreedToChange(row.manifest, row.configuration, configuration, patch.consent);
    const changes = {
      ...(patch.state === undefined ? {} : { state: patch.state }),
      ...(patch.configuration === undefined ? {} : { configuration: storableJson(configuration) }),
      ...(consent === null ? {} : { consent_digest: consent }),
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
    await enterSecrets(trx, deps.vault, owner, secrets);
    const details = { fields: Object.keys(changes), secrets: Object.keys(secrets) };
    await audit(trx, actor, 'installation.update', id, {
      ...details,
      ...(patch.state === undefined ? {} : { state: patch.state }),
      ...(consent === null ? {} : { consentBefore: row.consent_digest, consent }),
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
    const names = await secretNames(trx, owner);
    for (const name of names) await retireSecrets(trx, { ...owner, name });
    await forgetTokens(trx, owner, names);
    await audit(trx, actor, 'installation.remove', id, { plugin: row.plugin_id });
    return row;
  });
  await deps.client.countInstall(removed.plugin_id, removed.version, -1);
  deps.changed?.();
  deps.hub.publish(actor.groupId, ['installations']);
}
