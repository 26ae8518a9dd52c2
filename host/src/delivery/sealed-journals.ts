import type { DeliveryId, GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { sql } from 'kysely';
import { countOf, Rewrapper, type SealedPlace } from '../secrets/sealed-place.ts';
import { HEAD_BYTES } from '../secrets/vault.ts';
import { journalContext } from './journal-store.ts';

interface Row {
  group_id: GroupId;
  delivery_id: DeliveryId;
  number: number;
  request: Uint8Array;
  answer: Uint8Array | null;
}

/** Requests and answers of journals. Only their heads are read and written: bodies may be large. */
export const sealedJournals: SealedPlace = {
  name: 'journals',
  async rewrap(trx, vault, after, limit) {
    const [group, delivery, number] = after ?? ['', '', 0];
    const { rows } = await sql<Row>`
      select group_id, delivery_id, number, substring(request from 1 for ${HEAD_BYTES}) as request,
        substring(answer from 1 for ${HEAD_BYTES}) as answer
      from journal_asks
      where (group_id, delivery_id, number) > (${group}::text, ${delivery}::text, ${number}::integer)
      order by group_id, delivery_id, number limit ${limit} for update skip locked
    `.execute(trx);
    const rewrapper = new Rewrapper(vault);
    const changed = rows.flatMap((row) => {
      const claim = { groupId: row.group_id, deliveryId: row.delivery_id };
      const request = rewrapper.head(row.request, journalContext(claim, row.number, 'request'));
      const answer = rewrapper.head(row.answer, journalContext(claim, row.number, 'answer'));
      return request === null && answer === null ? [] : [{ row, request, answer }];
    });
    if (changed.length > 0)
      await sql`
        update journal_asks a set
          request = coalesce(v.request || substring(a.request from v.request_body), a.request),
          answer = coalesce(v.answer || substring(a.answer from v.answer_body), a.answer)
        from (values ${sql.join(
          changed.map(
            ({ row, request, answer }) =>
              sql`(${row.group_id}::text, ${row.delivery_id}::text, ${row.number}::integer,
                ${request?.head ?? null}::bytea, ${(request?.replaces ?? 0) + 1}::integer,
                ${answer?.head ?? null}::bytea, ${(answer?.replaces ?? 0) + 1}::integer)`,
          ),
        )}) as v(group_id, delivery_id, number, request, request_body, answer, answer_body)
        where a.group_id = v.group_id and a.delivery_id = v.delivery_id and a.number = v.number
      `.execute(trx);
    const last = rows.at(-1);
    return {
      after: last === undefined ? null : [last.group_id, last.delivery_id, last.number],
      lookedAt: rows.length,
      ...{ rewrapped: rewrapper.rewrapped, unreadable: rewrapper.unreadable },
    };
  },
  remaining: (db, vault) =>
    countOf(
      db,
      sql`
        select count(*) filter (where substring(request from 1 for ${vault.mark.length}) <> ${vault.mark})
          + count(*) filter (where substring(answer from 1 for ${vault.mark.length}) <> ${vault.mark}) as count
        from journal_asks`,
    ),
};
