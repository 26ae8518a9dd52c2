import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { HostKeyMissing, type Vault } from './vault.ts';

/**
 * Asked before a host serves: one that cannot open what it is to use would fail every delivery.
 *
 * @throws HostKeyMissing for a key that secrets in use were sealed with
 */
export async function checkHostKeys(db: Kysely<Database>, vault: Vault): Promise<void> {
  const missing = await db
    .selectFrom('secrets')
    .select('key_id')
    .where('key_id', 'not in', [...vault.keyIds])
    .where((where) => where.or([where('valid_until', 'is', null), where('valid_until', '>', new Date())]))
    .limit(1)
    .executeTakeFirst();
  if (missing !== undefined) throw new HostKeyMissing(missing.key_id, vault.keyIds);
}
