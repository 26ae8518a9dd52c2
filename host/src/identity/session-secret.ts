import { createHmac } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { SealedPlace } from '../secrets/sealed-place.ts';
import { Rewrapper } from '../secrets/sealed-place.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';

const SETTING = 'session-secret';
const CONTEXT = 'setting/session-secret';

/**
 * The key that signs session cookies. It is derived from the host key of the first start and then kept, sealed: people
 * stay signed in when the host key changes.
 */
export async function loadSessionSecret(db: Kysely<Database>, vault: Vault, hostKey: Buffer): Promise<string> {
  const derived = createHmac('sha256', hostKey).update('patchbay session cookies v1').digest('hex');
  await db
    .insertInto('settings')
    .values({ name: SETTING, value: JSON.stringify(vault.seal(derived, CONTEXT).toString('base64')) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const kept = await read(db);
  return kept === null ? derived : vault.open(kept, CONTEXT).toString('utf8');
}

export const sealedSessionSecret: SealedPlace = {
  name: 'session secret',
  async rewrap(trx, vault) {
    const sealed = await read(trx);
    const rewrapper = new Rewrapper(vault);
    const wrapped = rewrapper.head(sealed, CONTEXT);
    if (sealed !== null && wrapped !== null) {
      const anew = Buffer.concat([wrapped.head, sealed.subarray(wrapped.replaces)]);
      await trx
        .updateTable('settings')
        .set({ value: JSON.stringify(anew.toString('base64')) })
        .where('name', '=', SETTING)
        .execute();
    }
    return { after: null, lookedAt: 1, rewrapped: rewrapper.rewrapped, unreadable: rewrapper.unreadable };
  },
  async remaining(db, vault) {
    const sealed = await read(db);
    return sealed === null || sealed.subarray(0, vault.mark.length).equals(vault.mark) ? 0 : 1;
  },
};

async function read(db: Kysely<Database>): Promise<Buffer | null> {
  const { rows } = await sql<{ value: string }>`
    select value #>> '{}' as value from settings where name = ${SETTING}
  `.execute(db);
  return rows[0] === undefined ? null : Buffer.from(rows[0].value, 'base64');
}
