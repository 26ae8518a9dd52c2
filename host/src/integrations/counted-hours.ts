import { sql, type RawBuilder } from 'kysely';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';

export const HOUR_MS = 60 * 60 * 1000;

/**
 * Hours of integrations with how many of their requests failed: all that came and were not understood, but for those
 * that still wait for their first attempt. Counting from the whole keeps it right when a dead request is replayed.
 *
 * @param since the oldest hour
 * @param groupId null is every group, for what the host does by itself
 */
export function countedHours(since: Date, groupId: GroupId | null): RawBuilder<unknown> {
  const own = groupId === null ? sql`true` : sql`group_id = ${groupId}`;
  return sql`
    select h.*, greatest(0, h.received - h.accepted - coalesce(w.waiting, 0)) as failed
    from (select * from integration_hours where ${own} and hour >= ${since}) h
    left join (
      select group_id, integration_id, date_trunc('hour', received_at, 'UTC') as hour, count(*) as waiting
      from requests where ${own} and state = 'pending' and attempts = 0
      group by 1, 2, 3
    ) w on w.group_id = h.group_id and w.integration_id = h.integration_id and w.hour = h.hour`;
}

/** In percent, with two decimals; 100 when nothing came. */
export function successRate(success: number, errors: number): number {
  return success + errors === 0 ? 100 : round((100 * success) / (success + errors));
}

export function averageLatencyMs(durationMicros: number, received: number): number {
  return received === 0 ? 0 : round(durationMicros / received / 1000);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
