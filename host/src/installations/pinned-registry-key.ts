import type { KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import { parsePublicKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import type { RegistryClient } from '@patchbay/registry/client/registry-client';
import type { Database } from '../store/schema.ts';

const SETTING = 'registry.key';

/** The key that this host trusts: that of the registry at first use, and no other afterwards, whatever it then says. */
export async function pinnedRegistryKey(db: Kysely<Database>, client: Pick<RegistryClient, 'key'>): Promise<KeyObject> {
  const pinned = await readPinnedKey(db);
  if (pinned !== undefined) return pinned;
  const { publicKey } = await client.key();
  await db
    .insertInto('settings')
    .values({ name: SETTING, value: JSON.stringify(publicKeyPem(publicKey)) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await readPinnedKey(db)) ?? publicKey;
}

/** The key that is pinned; undefined before the first use of a registry. */
export async function readPinnedKey(db: Kysely<Database>): Promise<KeyObject | undefined> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', SETTING).executeTakeFirst();
  return typeof row?.value === 'string' ? parsePublicKey(row.value) : undefined;
}
