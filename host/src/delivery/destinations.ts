import { newId, type DestinationId, type GroupId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { deliveryLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Destination, SubscriptionFilter } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

export interface NewDestination {
  groupId: GroupId;
  kind: 'connector' | 'webhook';
  name: string;
  environment: Environment;
  filter: SubscriptionFilter;
  installationId?: InstallationId;
  url?: string;
  headers?: Record<string, string>;
  maxAttempts?: number | undefined;
}

export async function createDestination(db: Kysely<Database>, destination: NewDestination): Promise<DestinationId> {
  const destinationId = newId('destination');
  await db
    .insertInto('destinations')
    .values({
      group_id: destination.groupId,
      destination_id: destinationId,
      kind: destination.kind,
      name: destination.name,
      environment: destination.environment,
      installation_id: destination.installationId ?? null,
      url: destination.url ?? null,
      headers: JSON.stringify(destination.headers ?? {}),
      filter: JSON.stringify(destination.filter),
      state: 'active',
      max_in_flight: deliveryLimits.maxInFlight,
      max_attempts: destination.maxAttempts ?? deliveryLimits.retryScheduleMs.length + 1,
      retry_schedule_ms: JSON.stringify(deliveryLimits.retryScheduleMs),
    })
    .execute();
  return destinationId;
}

export interface DestinationChange {
  name?: string | undefined;
  url?: string | undefined;
  headers?: Record<string, string> | undefined;
  filter?: SubscriptionFilter | undefined;
  /** Of deliveries from now on. */
  maxAttempts?: number | undefined;
  /** `active` also clears what had paused the destination, and makes its deliveries due. */
  state?: 'active' | 'paused' | undefined;
}

/** @returns false when there is no such destination of this kind */
export async function changeDestination(
  db: Kysely<Database>,
  groupId: GroupId,
  destinationId: DestinationId,
  kind: 'connector' | 'webhook',
  change: DestinationChange,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('destinations')
    .set({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.url === undefined ? {} : { url: change.url }),
      ...(change.headers === undefined ? {} : { headers: JSON.stringify(change.headers) }),
      ...(change.filter === undefined ? {} : { filter: JSON.stringify(change.filter) }),
      ...(change.maxAttempts === undefined ? {} : { max_attempts: change.maxAttempts }),
      ...(change.state === undefined ? {} : { state: change.state, state_code: null, state_reason: null }),
      ...(change.state === 'active' ? { next_due_at: new Date(), open_until: null, failing_since: null } : {}),
    })
    .where('group_id', '=', groupId)
    .where('destination_id', '=', destinationId)
    .where('kind', '=', kind)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Soft: its log stays readable; what still waits is cancelled. */
export async function removeDestination(
  db: Kysely<Database>,
  groupId: GroupId,
  destinationId: DestinationId,
  kind: 'connector' | 'webhook',
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('destinations')
    .set({ removed_at: new Date(), state: 'disabled', next_due_at: null })
    .where('group_id', '=', groupId)
    .where('destination_id', '=', destinationId)
    .where('kind', '=', kind)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await sql`
    update deliveries set state = 'cancelled', finished_at = now(), message = 'The destination was removed'
    where group_id = ${groupId} and destination_id = ${destinationId} and state in ('queued', 'retrying', 'waiting')
  `.execute(db);
  return true;
}

interface DestinationRow {
  destination_id: DestinationId;
  kind: 'connector' | 'webhook';
  name: string;
  environment: Environment;
  state: Destination['state'];
  state_reason: string | null;
  filter: SubscriptionFilter;
  installation_id: string | null;
  plugin_id: string | null;
  url: string | null;
  headers: Record<string, string>;
  max_attempts: number;
  created_at: Date;
  delivered: number;
  retrying: number;
  dead: number;
  waiting: number;
}

/** Destinations of one kind, with the counts of their deliveries; newest first. */
export async function listDestinations(
  db: Kysely<Database>,
  groupId: GroupId,
  kind: 'connector' | 'webhook',
  destinationId: DestinationId | null = null,
): Promise<Destination[]> {
  const { rows } = await sql<DestinationRow>`
    select d.*, i.plugin_id,
      coalesce(c.delivered, 0)::int as delivered, coalesce(c.retrying, 0)::int as retrying,
      coalesce(c.dead, 0)::int as dead, coalesce(c.waiting, 0)::int as waiting
    from destinations d
    left join installations i on i.group_id = d.group_id and i.installation_id = d.installation_id
    left join lateral (
      select count(*) filter (where state = 'delivered') as delivered,
             count(*) filter (where state = 'retrying') as retrying,
             count(*) filter (where state = 'dead') as dead,
             count(*) filter (where state in ('queued', 'running', 'waiting')) as waiting
      from deliveries l where l.group_id = d.group_id and l.destination_id = d.destination_id
    ) c on true
    where d.group_id = ${groupId} and d.kind = ${kind} and d.removed_at is null
      and (${destinationId}::text is null or d.destination_id = ${destinationId})
    order by d.created_at desc, d.destination_id desc
  `.execute(db);
  return rows.map((row) => ({
    id: row.destination_id,
    kind: row.kind,
    name: row.name,
    environment: row.environment,
    state: row.state,
    stateReason: row.state_reason,
    filter: row.filter,
    installationId: row.installation_id,
    plugin: row.plugin_id,
    url: row.url,
    headers: row.headers,
    maxAttempts: row.max_attempts,
    createdAt: row.created_at.toISOString(),
    counts: { delivered: row.delivered, retrying: row.retrying, dead: row.dead, waiting: row.waiting },
  }));
}
