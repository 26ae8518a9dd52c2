import { sql } from 'kysely';
import type { Database } from '../store/schema.ts';
import { secretContext, type SecretOwner } from './secret-store.ts';
import { countOf, Rewrapper, type SealedPlace } from './sealed-place.ts';

interface Row {
  group_id: SecretOwner['groupId'];
  secret_id: string;
  environment: SecretOwner['environment'];
  owner_kind: Database['secrets']['owner_kind'];
  owner_id: string;
  name: string;
  ciphertext: Uint8Array;
}

/** Secrets, the retired among them too: one that overlaps is still in use. */
export const sealedSecrets: SealedPlace = {
  name: 'secrets',
  async rewrap(trx, vault, after, limit) {
    const [group, id] = after ?? ['', ''];
    const { rows } = await sql<Row>`
      select group_id, secret_id, environment, owner_kind, owner_id, name, ciphertext from secrets
      where (group_id, secret_id) > (${group}::text, ${id}::text)
      order by group_id, secret_id limit ${limit} for update skip locked
    `.execute(trx);
    const rewrapper = new Rewrapper(vault);
    const changed = rows.flatMap((row) => {
      const owner = { ...row, groupId: row.group_id, ownerKind: row.owner_kind, ownerId: row.owner_id };
      const wrapped = rewrapper.head(row.ciphertext, secretContext(owner, row.secret_id));
      return wrapped === null ? [] : [{ ...row, ...wrapped }];
    });
    if (changed.length > 0)
      await sql`
        update secrets s set key_id = ${vault.keyId}, ciphertext = v.head || substring(s.ciphertext from v.body)
        from (values ${sql.join(
          changed.map(
            (row) =>
              sql`(${row.group_id}::text, ${row.secret_id}::text, ${row.head}::bytea, ${row.replaces + 1}::integer)`,
          ),
        )}) as v(group_id, secret_id, head, body)
        where s.group_id = v.group_id and s.secret_id = v.secret_id
      `.execute(trx);
    const last = rows.at(-1);
    return {
      after: last === undefined ? null : [last.group_id, last.secret_id],
      lookedAt: rows.length,
      ...{ rewrapped: rewrapper.rewrapped, unreadable: rewrapper.unreadable },
    };
  },
  remaining: (db, vault) =>
    countOf(
      db,
      sql`select count(*) from secrets where substring(ciphertext from 1 for ${vault.mark.length}) <> ${vault.mark}`,
    ),
};
