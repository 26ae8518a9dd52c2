import type { Kysely, Transaction } from 'kysely';
import { newId, type GroupId, type ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import type { Service } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Database } from '../store/schema.ts';

/** The service that integrations and incidents belong to when none is named; made when it is missing. */
export async function ensureDefaultService(
  db: Kysely<Database> | Transaction<Database>,
  groupId: GroupId,
): Promise<ServiceId> {
  const find = () =>
    db
      .selectFrom('services')
      .select('service_id')
      .where('group_id', '=', groupId)
      .where('is_default', '=', true)
      .executeTakeFirst();
  const existing = await find();
  if (existing !== undefined) return existing.service_id;
  await db
    .insertInto('services')
    .values({ group_id: groupId, service_id: newId('service'), name: 'Default service', is_default: true })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const made = await find();
  if (made === undefined) throw new Error('The default service could not be made');
  return made.service_id;
}

/** All services of a group, the default one first, then by name; or one of them. */
export async function readServices(db: Kysely<Database>, groupId: GroupId, serviceId?: ServiceId): Promise<Service[]> {
  const rows = await db
    .selectFrom('services as s')
    .select(['s.service_id', 's.name', 's.description', 's.is_default', 's.created_at'])
    .select((select) => [
      select
        .selectFrom('integrations as i')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('i.group_id', '=', 's.group_id')
        .whereRef('i.service_id', '=', 's.service_id')
        .where('i.removed_at', 'is', null)
        .as('integrations'),
      select
        .selectFrom('incidents as n')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('n.group_id', '=', 's.group_id')
        .whereRef('n.service_id', '=', 's.service_id')
        .where('n.status', 'in', ['open', 'acknowledged'])
        .as('open_incidents'),
    ])
    .where('s.group_id', '=', groupId)
    .$if(serviceId !== undefined, (query) => query.where('s.service_id', '=', serviceId as ServiceId))
    .orderBy('s.is_default', 'desc')
    .orderBy('s.name')
    .execute();
  return rows.map((row) => ({
    id: row.service_id,
    name: row.name,
    description: row.description,
    isDefault: row.is_default,
    integrationCount: row.integrations ?? 0,
    openIncidents: row.open_incidents ?? 0,
    createdAt: row.created_at.toISOString(),
  }));
}
