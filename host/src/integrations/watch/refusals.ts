import { sql, type Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { WatchedRow } from './watch-alerts.ts';

/** What was turned away at an integration's door. */
export interface Refusals {
  readonly count: number;
  /** Of the last one that was recorded. */
  readonly code: string | null;
}

type Key = Pick<WatchedRow, 'group_id' | 'integration_id'>;

/** Counted from the hour on in which its sender was last heard. */
export async function refusalsSince(db: Kysely<Database>, row: Key, since: Date): Promise<Refusals> {
  const { rows } = await sql<Refusals>`
    select coalesce(sum(h.turned_away), 0)::bigint as count, (
        select r.code from requests r
        where r.group_id = ${row.group_id} and r.integration_id = ${row.integration_id}
          and r.received_order > ${since.getTime() * 1000} and r.state = 'refused'
        order by r.received_order desc limit 1
      ) as code
    from integration_hours h
    where h.group_id = ${row.group_id} and h.integration_id = ${row.integration_id}
      and h.hour >= date_trunc('hour', ${since}::timestamptz, 'UTC')`.execute(db);
  return rows[0] ?? { count: 0, code: null };
}

/** Why the newest of the requests failed that did. */
export function latestFailure(db: Kysely<Database>, row: Key, since: Date) {
  return db
    .selectFrom('requests')
    .select(['code', 'reason'])
    .where('group_id', '=', row.group_id)
    .where('integration_id', '=', row.integration_id)
    .where('received_order', '>=', since.getTime() * 1000)
    .where('state', 'in', ['invalid', 'dead', 'pending'])
    .where('code', 'is not', null)
    .orderBy('received_order', 'desc')
    .limit(1)
    .executeTakeFirst();
}
