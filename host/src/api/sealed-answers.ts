import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { sql } from 'kysely';
import { countOf, Rewrapper, type SealedPlace } from '../secrets/sealed-place.ts';
import { keptAnswerContext } from './idempotency.ts';

interface Row {
  group_id: GroupId;
  key: string;
  route: string;
  response: string;
}

/** Answers that are kept for a repeated Idempotency-Key: base64 as JSON, so they are read and written as a whole. */
export const sealedAnswers: SealedPlace = {
  name: 'answers',
  async rewrap(trx, vault, after, limit) {
    const [group, key, route] = after ?? ['', '', ''];
    const { rows } = await sql<Row>`
      select group_id, key, route, response #>> '{}' as response from idempotency_keys
      where (group_id, key, route) > (${group}::text, ${key}::text, ${route}::text) and response is not null
      order by group_id, key, route limit ${limit} for update skip locked
    `.execute(trx);
    const rewrapper = new Rewrapper(vault);
    for (const row of rows) {
      const sealed = Buffer.from(row.response, 'base64');
      const wrapped = rewrapper.head(sealed, keptAnswerContext(row.group_id, row.key, row.route));
      if (wrapped === null) continue;
      const anew = Buffer.concat([wrapped.head, sealed.subarray(wrapped.replaces)]);
      await trx
        .updateTable('idempotency_keys')
        .set({ response: JSON.stringify(anew.toString('base64')) })
        .where('group_id', '=', row.group_id)
        .where('key', '=', row.key)
        .where('route', '=', row.route)
        .execute();
    }
    const last = rows.at(-1);
    return {
      after: last === undefined ? null : [last.group_id, last.key, last.route],
      lookedAt: rows.length,
      ...{ rewrapped: rewrapper.rewrapped, unreadable: rewrapper.unreadable },
    };
  },
  // Nine bytes are twelve characters of base64, none of them shared with what follows.
  remaining: (db, vault) =>
    countOf(
      db,
      sql`select count(*) from idempotency_keys
        where response is not null and left(response #>> '{}', 12) <> ${vault.mark.toString('base64')}`,
    ),
};
