import type { Transaction } from 'kysely';
import type { z } from 'zod';
import type { Configuration } from '@patchbay/plugin-sdk/contract/configuration';
import type { InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { installationUpdateSchema } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import { isDuplicate } from '../store/database-errors.ts';
import type { Database } from '../store/schema.ts';
import { storableJson } from '../store/storable.ts';
import { transact } from '../store/transact.ts';
import { agreedToVersion } from './agreed-consent.ts';
import { demandSecrets, fittingConfiguration } from './fit-version.ts';
import { demandEligible } from './early-updates.ts';
import { enterSecrets } from './enter-secrets.ts';
import { checkEntered, type InstallationDependencies, type Installer } from './install-plugin.ts';
import { keepSignatures } from './kept-signatures.ts';
import { keepVersion, restoreStore, versionBefore, type LeftVersion } from './installation-versions.ts';
import { demandKnownPublisher } from './publisher-notices.ts';
import { exclusiveType } from './served-type.ts';
import { fetchVerified, type VerifiedRelease } from './verified-release.ts';

type UpdateInput = z.output<typeof installationUpdateSchema>;

/**
 * Takes an installation to another version:
 *
 *   0. publisher the one who published it before, or one whom an admin has agreed to
 *   1. verify    as for a new installation, from the pinned registry key to what the module can do
 *   2. cooldown  it was approved long enough ago, or two persons agreed to take it early
 *   3. consent   the digest that was agreed to is that of the new version
 *   4. keep      the version that is left, with its settings and its store
 *   5. fit       what uses the plugin still can; settings and secrets fit the new manifest
 *   6. change    the row, in one transaction with the audit log; it is enabled, whatever it was
 *
 * Calls that are under way go on with the module with which they began.
 *
 * @throws ApiError
 */
export async function updateInstallation(
  deps: InstallationDependencies,
  actor: Installer,
  id: InstallationId,
  input: UpdateInput,
): Promise<void> {
  const before = await present(deps, actor, id);
  if (before.version === input.version)
    throw new ApiError('CONFLICT', `${before.plugin_id} ${input.version} is what is installed.`);
  await demandKnownPublisher(deps.db, actor.groupId, before.plugin_id);
  const release = await fetchVerified(deps, before.plugin_id, input.version);
  await demandEligible(deps, actor.groupId, id, release);
  agreedToVersion(release.subject.manifest, input.configuration ?? before.configuration, input.consent);
  await deps.modules.put(release.subject.moduleSha256, release.subject.module);
  await change(deps, actor, id, before.version, input.version, async (trx, row) => {
    await keepVersion(trx, actor.groupId, id, true, actor.name);
    const { manifest } = release.subject;
    const configuration = await fittingConfiguration(trx, row, manifest, { configuration: input.configuration });
    const consent = agreedToVersion(manifest, configuration, input.consent);
    const owner = ownerOf(actor, row, id);
    checkEntered(manifest, input.secrets, false);
    await enterSecrets(trx, deps.vault, owner, input.secrets);
    await demandSecrets(trx, owner, manifest);
    await setVersion(trx, row, release, configuration, consent);
    await audit(trx, actor, 'installation.upgrade', id, {
      ...{ plugin: row.plugin_id, from: row.version, to: manifest.version, was: row.state },
      ...{ consentBefore: row.consent_digest, consent, secrets: Object.keys(input.secrets), verified: release.steps },
    });
  });
}

/**
 * Goes back to the version before, with the settings and the store as they were left. What it asks for was agreed to
 * when it was installed, so nobody is asked again; secrets are the present ones. A version that was yanked meanwhile
 * may be gone back to; a revoked one not. No cooldown holds it: going back is what a bad update is answered with.
 *
 * @throws ApiError
 */
export async function rollBackInstallation(
  deps: InstallationDependencies,
  actor: Installer,
  id: InstallationId,
  reason: string | undefined,
): Promise<void> {
  const before = await present(deps, actor, id);
  const target = await versionBefore(deps.db, actor.groupId, id);
  if (target === undefined) throw new ApiError('CONFLICT', 'There is no version before this one to go back to.');
  const release = await fetchVerified(deps, before.plugin_id, target.version, ['published', 'yanked']);
  if (release.subject.moduleSha256 !== target.module_sha256)
    throw new ApiError('PACKAGE_TAMPERED', `${before.plugin_id} ${target.version} is not what was installed before.`);
  await deps.modules.put(release.subject.moduleSha256, release.subject.module);
  await change(deps, actor, id, before.version, target.version, (trx, row) =>
    goBack(trx, actor, row, target, release, reason),
  );
}

async function goBack(
  trx: Transaction<Database>,
  actor: Installer,
  row: Row,
  target: LeftVersion,
  release: VerifiedRelease,
  reason: string | undefined,
): Promise<void> {
  const { manifest } = release.subject;
  const { numUpdatedRows } = await trx
    .updateTable('installation_versions')
    .set({ restorable: false })
    .where('group_id', '=', actor.groupId)
    .where('installation_id', '=', row.installation_id)
    .where('number', '=', target.number)
    .where('restorable', '=', true)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw changedMeanwhile();
  await restoreStore(trx, target);
  await keepVersion(trx, actor.groupId, row.installation_id, false, actor.name);
  const { configuration: asLeft, integration_settings: integrations } = target;
  const configuration = await fittingConfiguration(trx, row, manifest, { configuration: asLeft, integrations });
  await demandSecrets(trx, ownerOf(actor, row, row.installation_id), manifest);
  await setVersion(trx, row, release, configuration, target.consent_digest);
  await audit(trx, actor, 'installation.rollback', row.installation_id, {
    ...{ plugin: row.plugin_id, from: row.version, to: target.version, was: row.state },
    ...(reason === undefined ? {} : { reason }),
  });
}

type Row = Awaited<ReturnType<typeof present>>;

async function present({ db }: { db: InstallationDependencies['db'] }, { groupId }: Installer, id: InstallationId) {
  const row = await db
    .selectFrom('installations')
    .select(['group_id', 'installation_id', 'plugin_id', 'version', 'manifest', 'environment', 'state'])
    .select(['configuration', 'consent_digest'])
    .where('group_id', '=', groupId)
    .where('installation_id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such installation.');
  return row;
}

/** Carries a change out while the installation is still at the version that was looked at. */
async function change(
  deps: InstallationDependencies,
  actor: Installer,
  id: InstallationId,
  from: string,
  to: string,
  work: (trx: Transaction<Database>, row: Row) => Promise<void>,
): Promise<void> {
  let plugin = '';
  try {
    plugin = await transact(deps.db, async (trx) => {
      await trx
        .selectFrom('installations')
        .select('version')
        .where('group_id', '=', actor.groupId)
        .where('installation_id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      const row = await present({ db: trx }, actor, id);
      if (row.version !== from) throw changedMeanwhile();
      await work(trx, row);
      return row.plugin_id;
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new ApiError('CONFLICT', 'Another plugin in this group has the integration type of that version.', {
      cause: error,
    });
  }
  await deps.client.countInstall(plugin, from, -1);
  await deps.client.countInstall(plugin, to, 1);
  deps.changed?.();
  deps.hub.publish(actor.groupId, ['installations', 'integrations', 'destinations']);
}

async function setVersion(
  trx: Transaction<Database>,
  row: Row,
  { subject: { manifest, moduleSha256, sha256 }, signatures }: VerifiedRelease,
  configuration: Configuration,
  consent: string,
): Promise<void> {
  await keepSignatures(trx, sha256, signatures);
  await trx
    .updateTable('installations')
    .set({
      version: manifest.version,
      module_sha256: moduleSha256,
      package_sha256: sha256,
      manifest: storableJson(manifest),
      integration_type: exclusiveType(manifest),
      state: 'enabled',
      configuration: storableJson(configuration),
      consent_digest: consent,
    })
    .where('group_id', '=', row.group_id)
    .where('installation_id', '=', row.installation_id)
    .execute();
}

function ownerOf(actor: Installer, row: Pick<Row, 'environment'>, id: InstallationId) {
  return {
    groupId: actor.groupId,
    environment: row.environment,
    ownerKind: 'installation',
    ownerId: id,
  } as const;
}

function changedMeanwhile(): ApiError {
  return new ApiError('CONFLICT', 'Somebody else changed the version meanwhile.');
}
