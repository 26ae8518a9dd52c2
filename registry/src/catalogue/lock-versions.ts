import type { Transaction } from 'kysely';
import type { RegistryTables } from '../store/registry-tables.ts';

/**
 * Keeps every other revocation of a plugin, and every other confirmation of one, waiting until the transaction ends. Taken
 * before any other lock, and in one order, as by all who change a version.
 */
export async function lockVersions(transaction: Transaction<RegistryTables>, plugin: string): Promise<void> {
  await transaction
    .selectFrom('registry_versions')
    .select('version')
    .where('plugin_id', '=', plugin)
    .orderBy('version')
    .forNoKeyUpdate()
    .execute();
}
