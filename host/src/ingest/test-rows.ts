import type { Kysely } from 'kysely';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Database } from '../store/schema.ts';

/** What a test finds of the requests of a group, in the order of their receipt. */
export const storedRequests = (db: Kysely<Database>, groupId: GroupId) =>
  db.selectFrom('requests').selectAll().where('group_id', '=', groupId).orderBy('received_order').execute();

/** What a test finds of the incidents of a group, in the order of their opening. */
export const storedIncidents = (db: Kysely<Database>, groupId: GroupId) =>
  db.selectFrom('incidents').selectAll().where('group_id', '=', groupId).orderBy('number').execute();
