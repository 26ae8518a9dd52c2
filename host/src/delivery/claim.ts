import { randomUUID } from 'node:crypto';
import type { DeliveryId, DestinationId, GroupId, IncidentId, InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { deliveryLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Change } from '@patchbay/plugin-sdk/contract/envelopes';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { transact } from '../store/transact.ts';

/** A delivery that this worker may carry out until its lease ends. */
export interface ClaimedDelivery {
  groupId: GroupId;
  deliveryId: DeliveryId;
  destinationId: DestinationId;
  incidentId: IncidentId;
  claimId: string;
  change: Change;
  attempts: number;
  maxAttempts: number;
  /** Pinned when the call began; null before its first run. */
  moduleSha256: string | null;
  pinnedConfiguration: Record<string, unknown> | null;
  cpuMicros: number;
  /** How many connectors stand between what a sender sent and this change. */
  emitDepth: number;
  destination: {
    kind: 'connector' | 'webhook';
    environment: Environment;
    installationId: InstallationId | null;
    url: string | null;
    headers: Record<string, string>;
    retryScheduleMs: number[];
  };
}

/**
 * Claims at most one due delivery of each of `limit` destinations, those served longest ago first: of the healthy ones,
 * or of those whose last attempt failed, so that a storm of retries takes no slot of what is fresh.
 *
 * Locking the destination's row makes its cap exact: the live leases are counted under the lock. A delivery is left
 * alone while an earlier one of the same destination and incident is not finished. Uses destinations_due,
 * deliveries_live and deliveries_due.
 */
export async function claimDeliveries(
  db: Kysely<Database>,
  limit: number,
  health: 'healthy' | 'failing',
): Promise<ClaimedDelivery[]> {
  const claimId = randomUUID();
  return transact(db, async (trx) => {
    const served = await sql<{ group_id: GroupId; destination_id: DestinationId }>`
      select group_id, destination_id from destinations
      where state = 'active' and removed_at is null and next_due_at <= now()
        and (open_until is null or open_until <= now())
        and (failing_since is null) = ${health === 'healthy'}
      order by last_served_at nulls first, destination_id
      limit ${limit}
      for update skip locked
    `.execute(trx);
    if (served.rows.length === 0) return [];
    const destinations = JSON.stringify(served.rows);
    const claimed = await sql<ClaimRow>`
      with s as (
        select d.* from jsonb_to_recordset(${destinations}::jsonb) as t(group_id text, destination_id text)
        join destinations d on d.group_id = t.group_id and d.destination_id = t.destination_id
      ), due as (
        select q.group_id, q.delivery_id, q.waited from s cross join lateral (
          select d.group_id, d.delivery_id, d.state = 'waiting' as waited from deliveries d
          where d.group_id = s.group_id and d.destination_id = s.destination_id
            and d.state in ('queued', 'retrying', 'waiting') and d.due_at <= now()
            and not exists (
              select 1 from deliveries e
              where e.group_id = d.group_id and e.destination_id = d.destination_id
                and e.incident_id = d.incident_id and e.seq < d.seq
                and e.state in ('queued', 'running', 'waiting', 'retrying'))
          order by d.seq
          limit case when (
            select count(*) from deliveries r
            where r.group_id = s.group_id and r.destination_id = s.destination_id
              and r.state = 'running' and r.lease_until > now()) < s.max_in_flight then 1 else 0 end
        ) q
      ), claimed as (
        update deliveries d
        set state = 'running', claim_id = ${claimId}, lease_until = now() + ${leaseInterval}::interval,
            attempts = d.attempts + case when due.waited then 0 else 1 end
        from due where d.group_id = due.group_id and d.delivery_id = due.delivery_id
        returning d.*, due.waited
      ), started as (
        insert into attempts (group_id, delivery_id, number, started_at, outcome)
        select group_id, delivery_id, attempts, now(), 'running' from claimed where not waited
        on conflict (group_id, delivery_id, number) do update set started_at = now(), outcome = 'running', finished_at = null
      )
      select c.group_id, c.delivery_id, c.destination_id, c.incident_id, c.change, c.attempts, c.max_attempts,
             c.module_sha256, c.configuration, c.cpu_micros, c.emit_depth, s.kind, s.environment,
             s.installation_id, s.url, s.headers, s.retry_schedule_ms
      from claimed c join s on s.group_id = c.group_id and s.destination_id = c.destination_id
    `.execute(trx);
    await scheduleNext(trx, destinations, new Set(claimed.rows.map((row) => row.destination_id)));
    return claimed.rows.map((row) => fromRow(row, claimId));
  });
}

const leaseInterval = `${deliveryLimits.leaseMs} milliseconds`;

interface ClaimRow {
  group_id: GroupId;
  delivery_id: DeliveryId;
  destination_id: DestinationId;
  incident_id: IncidentId;
  change: Change;
  attempts: number;
  max_attempts: number;
  module_sha256: string | null;
  configuration: Record<string, unknown> | null;
  cpu_micros: number;
  emit_depth: number;
  kind: 'connector' | 'webhook';
  environment: Environment;
  installation_id: InstallationId | null;
  url: string | null;
  headers: Record<string, string>;
  retry_schedule_ms: number[];
}

/**
 * When the destination is to be looked at next: at once after a claim (more may be due), else when its next row
 * falls due or a lease ends. A finished delivery sets it to now.
 */
async function scheduleNext(trx: Kysely<Database>, destinations: string, claimed: ReadonlySet<string>): Promise<void> {
  await sql`
    update destinations d
    set last_served_at = case when t.destination_id in (select jsonb_array_elements_text(${JSON.stringify([...claimed])}::jsonb))
                              then clock_timestamp() else d.last_served_at end,
        next_due_at = case when t.destination_id in (select jsonb_array_elements_text(${JSON.stringify([...claimed])}::jsonb))
                           then now()
                           else (select min(case when r.state = 'running' then r.lease_until else r.due_at end)
                                 from deliveries r
                                 where r.group_id = d.group_id and r.destination_id = d.destination_id
                                   and r.state in ('queued', 'running', 'waiting', 'retrying')
                                   and (r.state = 'running' or r.due_at > now())) end
    from jsonb_to_recordset(${destinations}::jsonb) as t(group_id text, destination_id text)
    where d.group_id = t.group_id and d.destination_id = t.destination_id
  `.execute(trx);
}

function fromRow(row: ClaimRow, claimId: string): ClaimedDelivery {
  return {
    groupId: row.group_id,
    deliveryId: row.delivery_id,
    destinationId: row.destination_id,
    incidentId: row.incident_id,
    claimId,
    change: row.change,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    moduleSha256: row.module_sha256,
    pinnedConfiguration: row.configuration,
    cpuMicros: row.cpu_micros,
    emitDepth: row.emit_depth,
    destination: {
      kind: row.kind,
      environment: row.environment,
      installationId: row.installation_id,
      url: row.url,
      headers: row.headers,
      retryScheduleMs: row.retry_schedule_ms,
    },
  };
}
