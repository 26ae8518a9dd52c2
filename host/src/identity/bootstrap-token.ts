import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { transact } from '../store/transact.ts';
import { audit } from './audit.ts';
import { createToken, tokenDigest } from './tokens.ts';

const NAME = 'From PATCHBAY_BOOTSTRAP_TOKEN';

/**
 * The owner token that the environment names; there is at most one.
 *
 *   none            -> valid            a value that was never seen
 *   valid (value 1) -> valid (value 2)  another value: the token of value 1 ends with it, in the audit log
 *   valid           -> ended            revoked by a person; the same value does not bring it back
 *
 * A value that has ended stays so: somebody wanted it gone.
 */
export async function ensureBootstrapToken(db: Kysely<Database>, groupId: GroupId, token: string): Promise<void> {
  await transact(db, async (trx) => {
    // Two hosts may start at once: the second waits here and then finds the token.
    await trx.selectFrom('groups').select('group_id').where('group_id', '=', groupId).forUpdate().execute();
    const known = await trx
      .selectFrom('api_tokens')
      .select('token_id')
      .where('token_sha256', '=', tokenDigest(token))
      .executeTakeFirst();
    if (known !== undefined) return;
    const replaced = await trx
      .updateTable('api_tokens')
      .set({ revoked_at: new Date() })
      .where('group_id', '=', groupId)
      .where('name', '=', NAME)
      // Nobody made it, and it has no prefix, because its value was chosen: only this file makes such tokens.
      .where('user_id', 'is', null)
      .where('prefix', '=', '')
      .where('revoked_at', 'is', null)
      .returning('token_id')
      .execute();
    const { id } = await createToken(trx, {
      groupId,
      userId: null,
      name: NAME,
      role: 'owner',
      scopes: ['read', 'write', 'admin'],
      expiresAt: null,
      token,
    });
    const details = { name: NAME, replaces: replaced.map(({ token_id }) => token_id) };
    await audit(trx, { groupId, name: 'host' }, 'token.create', id, details);
  });
}
