import { newId, type GroupId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Quarantine } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import type { Kysely } from 'kysely';
import { transact } from '../store/transact.ts';
import type { Database } from '../store/schema.ts';

/** What the sandbox is to hold back from its first run on; of all groups, since there is one sandbox. */
export async function loadQuarantines(db: Kysely<Database>): Promise<Quarantine[]> {
  const rows = await db.selectFrom('plugin_quarantines').selectAll().execute();
  return rows.map((row) => ({
    module: row.module_sha256,
    installation: row.installation_id,
    reason: row.reason,
    strikes: row.strikes,
    at: row.quarantined_at.getTime(),
  }));
}

/**
 * Writes a quarantine down, with a line in the audit log of each group that it concerns. One of a whole version is kept
 * for every installation that has this version.
 */
export async function keepQuarantine(db: Kysely<Database>, quarantine: Quarantine): Promise<void> {
  const { module, installation, reason, strikes, at } = quarantine;
  await transact(db, async (trx) => {
    const concerned = await trx
      .selectFrom('installations')
      .select(['group_id', 'installation_id', 'plugin_id', 'version'])
      .where('module_sha256', '=', module)
      .where('removed_at', 'is', null)
      .$if(installation !== null, (query) => query.where('installation_id', '=', installation as InstallationId))
      .execute();
    if (concerned.length === 0) return;
    await trx
      .insertInto('plugin_quarantines')
      .values(
        concerned.map(({ group_id, installation_id }) => ({
          group_id,
          installation_id,
          module_sha256: module,
          reason,
          strikes,
          quarantined_at: new Date(at),
        })),
      )
      .onConflict((conflict) => conflict.columns(['group_id', 'installation_id', 'module_sha256']).doNothing())
      .execute();
    await trx
      .insertInto('audit_log')
      .values(
        concerned.map(({ group_id, installation_id, plugin_id, version }) => ({
          group_id,
          audit_id: newId('audit'),
          actor: 'host',
          action: 'plugin.quarantined',
          target: installation_id,
          details: JSON.stringify({ plugin: plugin_id, version, reason, strikes }),
        })),
      )
      .execute();
  });
}

/** @returns whether there was one */
export async function dropQuarantine(
  db: Kysely<Database>,
  groupId: GroupId,
  installationId: InstallationId,
): Promise<boolean> {
  const dropped = await db
    .deleteFrom('plugin_quarantines')
    .where('group_id', '=', groupId)
    .where('installation_id', '=', installationId)
    .executeTakeFirst();
  return dropped.numDeletedRows > 0n;
}
