import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Database } from '../store/schema.ts';

/** GET /api/integrations/health: how well alerts come in, over all time. Rates are percentages with two decimals. */
export const healthSchema = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  global: z.object({
    totalReceived: z.int(),
    totalSuccess: z.int(),
    totalErrors: z.int(),
    successRate: z.number(),
    averageLatencyMs: z.number(),
  }),
  /** By type in upper case. */
  byType: z.record(z.string(), z.object({ totalReceived: z.int(), totalErrors: z.int(), successRate: z.number() })),
});
export type Health = z.infer<typeof healthSchema>;

const HEALTHY_FROM = 95;
const DEGRADED_FROM = 80;

interface Totals {
  received: number;
  accepted: number;
  pending: number;
  durationMicros: number;
}

/** From the integrations' totals. A request that waits for its plugin is neither success nor error yet. */
export async function readHealth(db: Kysely<Database>, groupId: GroupId): Promise<Health> {
  const rows = await db
    .selectFrom('integration_counters as c')
    .innerJoin('integrations as i', (join) =>
      join.onRef('i.group_id', '=', 'c.group_id').onRef('i.integration_id', '=', 'c.integration_id'),
    )
    .select(['i.type', 'c.received', 'c.accepted', 'c.duration_micros'])
    .select((select) =>
      select
        .selectFrom('requests as r')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('r.group_id', '=', 'i.group_id')
        .whereRef('r.integration_id', '=', 'i.integration_id')
        .where('r.state', '=', 'pending')
        .as('pending'),
    )
    .where('c.group_id', '=', groupId)
    .execute();
  const all = emptyTotals();
  const byType = new Map<string, Totals>();
  for (const row of rows) {
    const name = row.type.toUpperCase();
    const totals = byType.get(name) ?? emptyTotals();
    byType.set(name, totals);
    for (const sum of [all, totals]) {
      sum.received += row.received;
      sum.accepted += row.accepted;
      sum.pending += row.pending ?? 0;
      sum.durationMicros += row.duration_micros;
    }
  }
  const rate = successRate(all);
  return {
    status: rate >= HEALTHY_FROM ? 'healthy' : rate >= DEGRADED_FROM ? 'degraded' : 'unhealthy',
    global: {
      totalReceived: all.received,
      totalSuccess: all.accepted,
      totalErrors: errors(all),
      successRate: rate,
      averageLatencyMs: all.received === 0 ? 0 : round(all.durationMicros / all.received / 1000),
    },
    byType: Object.fromEntries(
      [...byType].map(([name, totals]) => [
        name,
        { totalReceived: totals.received, totalErrors: errors(totals), successRate: successRate(totals) },
      ]),
    ),
  };
}

function emptyTotals(): Totals {
  return { received: 0, accepted: 0, pending: 0, durationMicros: 0 };
}

function errors({ received, accepted, pending }: Totals): number {
  return Math.max(0, received - accepted - pending);
}

function successRate(totals: Totals): number {
  const finished = totals.accepted + errors(totals);
  return finished === 0 ? 100 : round((100 * totals.accepted) / finished);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
