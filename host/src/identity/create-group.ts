import { newId, type GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Transaction } from 'kysely';
import type { Database } from '../store/schema.ts';

/** A group with the service that integrations get which name none. */
export async function createGroup(transaction: Transaction<Database>, name: string): Promise<GroupId> {
  const groupId = newId('group');
  await transaction.insertInto('groups').values({ group_id: groupId, name }).execute();
  await transaction
    .insertInto('services')
    .values({
      group_id: groupId,
      service_id: newId('service'),
      name: 'Default service',
      description: 'Integrations without a service of their own belong here.',
      is_default: true,
    })
    .execute();
  return groupId;
}
