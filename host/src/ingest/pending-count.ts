import type { Kysely } from 'kysely';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Database } from '../store/schema.ts';

/** How many requests of each group wait for their plugin, as last counted in the database and since then here. */
export interface PendingCount {
  isFull(groupId: GroupId): boolean;
  add(groupId: GroupId): void;
  /** Counts again; index requests_pending. */
  refresh(): Promise<void>;
}

export function createPendingCount(db: Kysely<Database>, max: number = ingestLimits.pendingPerGroup): PendingCount {
  let counts = new Map<GroupId, number>();
  return {
    isFull: (groupId) => (counts.get(groupId) ?? 0) >= max,
    add: (groupId) => void counts.set(groupId, (counts.get(groupId) ?? 0) + 1),
    async refresh() {
      const rows = await db
        .selectFrom('requests')
        .select((select) => ['group_id', select.fn.countAll<number>().as('count')])
        .where('state', '=', 'pending')
        .groupBy('group_id')
        .execute();
      counts = new Map(rows.map((row) => [row.group_id, row.count]));
    },
  };
}
