import { sql, type Kysely } from 'kysely';
import type { GroupId, IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import type { History } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Database } from '../store/schema.ts';
import { averageLatencyMs, countedHours, HOUR_MS } from './counted-hours.ts';

interface HourRow {
  hour: Date;
  received: number;
  accepted: number;
  failed: number;
  invalid: number;
  refused: number;
  plugin_errors: number;
  turned_away: number;
  duration_micros: number;
}

/** The last hours of an integration with the running one, oldest first, also those in which nothing came. */
export async function readHistory(
  db: Kysely<Database>,
  groupId: GroupId,
  integrationId: IntegrationId,
  hours: number,
  now: number,
): Promise<History> {
  const running = Math.floor(now / HOUR_MS) * HOUR_MS;
  const first = running - (hours - 1) * HOUR_MS;
  const { rows } = await sql<HourRow>`
    select hour, received, accepted, failed, invalid, refused, plugin_errors, turned_away, duration_micros
    from (${countedHours(new Date(first), groupId)}) h
    where integration_id = ${integrationId}`.execute(db);
  const byHour = new Map(rows.map((row) => [row.hour.getTime(), row]));
  return {
    hours: Array.from({ length: hours }, (_, index) => {
      const hour = first + index * HOUR_MS;
      const row = byHour.get(hour);
      return {
        hour: new Date(hour).toISOString(),
        received: row?.received ?? 0,
        success: row?.accepted ?? 0,
        errors: row?.failed ?? 0,
        invalid: row?.invalid ?? 0,
        refused: row?.refused ?? 0,
        pluginErrors: row?.plugin_errors ?? 0,
        turnedAway: row?.turned_away ?? 0,
        averageLatencyMs: averageLatencyMs(row?.duration_micros ?? 0, row?.received ?? 0),
      };
    }),
  };
}
