import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { ensureBootstrapToken } from './bootstrap-token.ts';
import { createGroup } from './create-group.ts';
import { tokenDigest } from './tokens.ts';

/**
 * What exists before anybody signs in: the first group with its default service, and the way to the first owner.
 *
 *   no owner  a setup code is made at each start and shown on the console; whoever has it becomes the owner
 *   owner     the code is gone for good
 */
export interface FirstStart {
  groupId: GroupId;
  /** Shown on the console while there is no owner; null afterwards. */
  setupCode: string | null;
}

const SETUP_SETTING = 'setup-code-sha256';

export async function ensureFirstGroup(db: Kysely<Database>): Promise<GroupId> {
  return db.transaction().execute(async (trx) => {
    const first = await trx
      .selectFrom('groups')
      .select('group_id')
      .orderBy('created_at')
      .orderBy('group_id')
      .executeTakeFirst();
    if (first !== undefined) return first.group_id;
    return createGroup(trx, 'Home');
  });
}

export async function prepareFirstStart(db: Kysely<Database>, bootstrapToken: string | undefined): Promise<FirstStart> {
  const groupId = await ensureFirstGroup(db);
  if (bootstrapToken !== undefined) await ensureBootstrapToken(db, groupId, bootstrapToken);
  if (await hasOwner(db)) return { groupId, setupCode: null };
  const setupCode = randomBytes(9).toString('base64url');
  const value = JSON.stringify(tokenDigest(setupCode));
  await db
    .insertInto('settings')
    .values({ name: SETUP_SETTING, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
  return { groupId, setupCode };
}

export async function hasOwner(db: Kysely<Database>): Promise<boolean> {
  const owner = await db
    .selectFrom('group_members')
    .select('user_id')
    .where('role', '=', 'owner')
    .limit(1)
    .executeTakeFirst();
  return owner !== undefined;
}

/** True once for the right code: the code is consumed by the check, so that two owners cannot come of one code. */
export async function takeSetupCode(db: Kysely<Database>, code: string): Promise<boolean> {
  if (await hasOwner(db)) return false;
  const row = await db.selectFrom('settings').select('value').where('name', '=', SETUP_SETTING).executeTakeFirst();
  if (row === undefined || typeof row.value !== 'string') return false;
  const expected = Buffer.from(row.value);
  const given = Buffer.from(tokenDigest(code));
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return false;
  const taken = await db
    .deleteFrom('settings')
    .where('name', '=', SETUP_SETTING)
    .where('value', '=', JSON.stringify(row.value) as never)
    .executeTakeFirst();
  return taken.numDeletedRows > 0n;
}

/** Puts the code back after a setup that failed behind it (e.g. the e-mail address was taken). */
export async function restoreSetupCode(db: Kysely<Database>, code: string): Promise<void> {
  await db
    .insertInto('settings')
    .values({ name: SETUP_SETTING, value: JSON.stringify(tokenDigest(code)) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
}
