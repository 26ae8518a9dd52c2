import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import type { GroupId, InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import type { Database } from '../store/schema.ts';

export type LeftVersion = Selectable<Database['installation_versions']>;

/**
 * Keeps the version that an installation is about to leave, with its settings and its store. Stores of versions before
 * that are dropped: a rollback goes one step back.
 *
 * @param restorable false for a version that is being rolled back from
 */
export async function keepVersion(
  trx: Transaction<Database>,
  groupId: GroupId,
  installationId: InstallationId,
  restorable: boolean,
  by: string,
): Promise<void> {
  await trx
    .updateTable('installation_versions')
    .set({ store: null })
    .where('group_id', '=', groupId)
    .where('installation_id', '=', installationId)
    .where('store', 'is not', null)
    .execute();
  await sql`
    insert into installation_versions (group_id, installation_id, number, version, module_sha256, package_sha256,
      manifest, configuration, consent_digest, integration_settings, store, restorable, left_at, left_by)
    select i.group_id, i.installation_id,
      1 + coalesce((select max(v.number) from installation_versions v
                    where v.group_id = i.group_id and v.installation_id = i.installation_id), 0),
      i.version, i.module_sha256, i.package_sha256, i.manifest, i.configuration, i.consent_digest,
      (select coalesce(jsonb_object_agg(g.integration_id, g.settings), '{}'::jsonb)
       from integrations g
       where g.group_id = i.group_id and g.installation_id = i.installation_id and g.removed_at is null),
      case when ${restorable}::boolean then
        (select coalesce(jsonb_agg(jsonb_build_object('key', s.key, 'version', s.version, 'value', s.value,
           'bytes', s.bytes)), '[]'::jsonb)
         from plugin_store s where s.group_id = i.group_id and s.installation_id = i.installation_id) end,
      ${restorable}::boolean, ${new Date()}::timestamptz, ${by}
    from installations i
    where i.group_id = ${groupId} and i.installation_id = ${installationId}`.execute(trx);
}

/** The version that a rollback goes back to: the last one that was left for a newer choice. */
export async function versionBefore(
  db: Kysely<Database>,
  groupId: GroupId,
  installationId: InstallationId,
): Promise<LeftVersion | undefined> {
  return db
    .selectFrom('installation_versions')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('installation_id', '=', installationId)
    .where('restorable', '=', true)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The same, as version numbers, for many installations at once. */
export async function versionsBefore(
  db: Kysely<Database>,
  groupId: GroupId,
  installationIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('installation_versions')
    .select(['installation_id', 'version'])
    .distinctOn('installation_id')
    .where('group_id', '=', groupId)
    .where('installation_id', 'in', installationIds as readonly InstallationId[])
    .where('restorable', '=', true)
    .orderBy('installation_id')
    .orderBy('number', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.installation_id, row.version]));
}

/** Puts the plugin's store back as it was left. */
export async function restoreStore(trx: Transaction<Database>, { group_id, installation_id, store }: LeftVersion) {
  if (store === null) return;
  await trx
    .deleteFrom('plugin_store')
    .where('group_id', '=', group_id)
    .where('installation_id', '=', installation_id)
    .execute();
  await sql`
    insert into plugin_store (group_id, installation_id, key, version, value, bytes)
    select ${group_id}, ${installation_id}, r.key, r.version, r.value, r.bytes
    from jsonb_to_recordset(${JSON.stringify(store)}::jsonb)
      as r(key text, version integer, value jsonb, bytes integer)`.execute(trx);
}

/**
 * The manifest under which a module may run in this installation: a call that began before an update goes on with its
 * own module and with what was agreed to for that one.
 *
 * @returns undefined when the installation never had this module, `revoked` when it may not run any more
 */
export async function manifestOfModule(
  db: Kysely<Database>,
  groupId: GroupId,
  installationId: InstallationId,
  moduleSha256: string,
): Promise<Manifest | 'revoked' | undefined> {
  const row = await db
    .selectFrom('installation_versions')
    .select(['manifest', 'revoked'])
    .where('group_id', '=', groupId)
    .where('installation_id', '=', installationId)
    .where('module_sha256', '=', moduleSha256)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.revoked === true ? 'revoked' : row?.manifest;
}
