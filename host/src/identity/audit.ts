import { newId } from '@patchbay/plugin-sdk/contract/ids';
import type { Kysely } from 'kysely';
import type { Actor } from '../api/access.ts';
import type { Database } from '../store/schema.ts';

/**
 * Writes down who changed what. Call it with the transaction of the change where there is one.
 *
 * @param action `resource.verb`, e.g. `integration.create`
 * @param target id of what was changed
 * @param details never a secret, never a payload
 */
export async function audit(
  db: Kysely<Database>,
  actor: Pick<Actor, 'groupId' | 'name'>,
  action: string,
  target: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      group_id: actor.groupId,
      audit_id: newId('audit'),
      actor: actor.name,
      action,
      target,
      details: JSON.stringify(details),
    })
    .execute();
}
