import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { sql } from 'kysely';
import { countOf, Rewrapper, type SealedPlace } from '../../secrets/sealed-place.ts';
import { tokenContext } from './token-keeper.ts';

interface Row {
  group_id: GroupId;
  installation_id: string;
  name: string;
  ciphertext: Uint8Array | null;
}

/** Tokens that were got by secrets. */
export const sealedTokens: SealedPlace = {
  name: 'tokens',
  async rewrap(trx, vault, after, limit) {
    const [group, installation, secret] = after ?? ['', '', ''];
    const { rows } = await sql<Row>`
      select group_id, installation_id, name, ciphertext from derived_tokens
      where (group_id, installation_id, name) > (${group}::text, ${installation}::text, ${secret}::text)
      order by group_id, installation_id, name limit ${limit} for update skip locked
    `.execute(trx);
    const rewrapper = new Rewrapper(vault);
    const changed = rows.flatMap((row) => {
      const wrapped = rewrapper.head(row.ciphertext, tokenContext(row.group_id, row.installation_id, row.name));
      return wrapped === null ? [] : [{ ...row, ...wrapped }];
    });
    if (changed.length > 0)
      await sql`
        update derived_tokens t set ciphertext = v.head || substring(t.ciphertext from v.body)
        from (values ${sql.join(
          changed.map(
            (row) =>
              sql`(${row.group_id}::text, ${row.installation_id}::text, ${row.name}::text, ${row.head}::bytea, ${row.replaces + 1}::integer)`,
          ),
        )}) as v(group_id, installation_id, name, head, body)
        where t.group_id = v.group_id and t.installation_id = v.installation_id and t.name = v.name
      `.execute(trx);
    const last = rows.at(-1);
    return {
      after: last === undefined ? null : [last.group_id, last.installation_id, last.name],
      lookedAt: rows.length,
      ...{ rewrapped: rewrapper.rewrapped, unreadable: rewrapper.unreadable },
    };
  },
  remaining: (db, vault) =>
    countOf(
      db,
      sql`select count(*) from derived_tokens
        where substring(ciphertext from 1 for ${vault.mark.length}) <> ${vault.mark}`,
    ),
};
