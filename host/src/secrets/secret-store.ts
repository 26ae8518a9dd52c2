import { newId, type GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { Vault } from './vault.ts';

/** Whose secret it is. A secret of one environment is never read for another. */
export interface SecretOwner {
  groupId: GroupId;
  environment: Environment;
  ownerKind: Database['secrets']['owner_kind'];
  ownerId: string;
  name: string;
}

export interface StoredSecret {
  id: string;
  value: string;
  createdAt: Date;
  validUntil: Date | null;
}

export function secretContext(owner: SecretOwner, secretId: string): string {
  return ['secret', owner.groupId, owner.environment, owner.ownerKind, owner.ownerId, owner.name, secretId].join('/');
}

/**
 * Stores a new value. Older values of the same name stop to be valid at `overlapUntil`, at once when left out.
 *
 * @returns the id of the stored secret
 */
export async function putSecret(
  db: Kysely<Database>,
  vault: Vault,
  secret: SecretOwner & { value: string; overlapUntil?: Date },
): Promise<string> {
  const secretId = newId('secret');
  const now = new Date();
  await retireSecrets(db, secret, secret.overlapUntil ?? now);
  await db
    .insertInto('secrets')
    .values({
      group_id: secret.groupId,
      secret_id: secretId,
      environment: secret.environment,
      owner_kind: secret.ownerKind,
      owner_id: secret.ownerId,
      name: secret.name,
      key_id: vault.keyId,
      ciphertext: vault.seal(secret.value, secretContext(secret, secretId)),
      created_at: now,
    })
    .execute();
  return secretId;
}

/** Puts a value in the place of all former ones, for what changes too often to be remembered. */
export async function replaceSecret(
  trx: Kysely<Database>,
  vault: Vault,
  secret: SecretOwner & { value: string },
): Promise<void> {
  await trx
    .deleteFrom('secrets')
    .where('group_id', '=', secret.groupId)
    .where('owner_kind', '=', secret.ownerKind)
    .where('owner_id', '=', secret.ownerId)
    .where('environment', '=', secret.environment)
    .where('name', '=', secret.name)
    .execute();
  await putSecret(trx, vault, secret);
}

/** Ends the validity of every value of this name at that time. */
export async function retireSecrets(db: Kysely<Database>, owner: SecretOwner, at: Date = new Date()): Promise<void> {
  await db
    .updateTable('secrets')
    .set({ valid_until: at })
    .where('group_id', '=', owner.groupId)
    .where('owner_kind', '=', owner.ownerKind)
    .where('owner_id', '=', owner.ownerId)
    .where('environment', '=', owner.environment)
    .where('name', '=', owner.name)
    .where((where) => where.or([where('valid_until', 'is', null), where('valid_until', '>', at)]))
    .execute();
}

/** Every valid value of this name, newest first; index secrets_by_owner. */
export async function readSecrets(
  db: Kysely<Database>,
  vault: Vault,
  owner: SecretOwner,
  now: Date = new Date(),
): Promise<StoredSecret[]> {
  const rows = await db
    .selectFrom('secrets')
    .select(['secret_id', 'ciphertext', 'created_at', 'valid_until'])
    .where('group_id', '=', owner.groupId)
    .where('owner_kind', '=', owner.ownerKind)
    .where('owner_id', '=', owner.ownerId)
    .where('environment', '=', owner.environment)
    .where('name', '=', owner.name)
    .where((where) => where.or([where('valid_until', 'is', null), where('valid_until', '>', now)]))
    .orderBy('created_at', 'desc')
    .orderBy('secret_id', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.secret_id,
    value: vault.open(row.ciphertext, secretContext(owner, row.secret_id)).toString('utf8'),
    createdAt: row.created_at,
    validUntil: row.valid_until,
  }));
}

/** What is known of a name's valid values without opening any. */
interface SecretState {
  set: boolean;
  /** When the last value that was already replaced stops to be valid; null when there is none. */
  olderUntil: Date | null;
}

export async function secretState(
  db: Kysely<Database>,
  owner: SecretOwner,
  now: Date = new Date(),
): Promise<SecretState> {
  const row = await db
    .selectFrom('secrets')
    .select(({ fn }) => [fn.countAll<number>().as('values'), fn.max('valid_until').as('older_until')])
    .where('group_id', '=', owner.groupId)
    .where('owner_kind', '=', owner.ownerKind)
    .where('owner_id', '=', owner.ownerId)
    .where('environment', '=', owner.environment)
    .where('name', '=', owner.name)
    .where((where) => where.or([where('valid_until', 'is', null), where('valid_until', '>', now)]))
    .executeTakeFirstOrThrow();
  return { set: row.values > 0, olderUntil: row.older_until };
}

/** The names for which an owner has a valid value, without opening any. */
export async function secretNames(
  db: Kysely<Database>,
  owner: Omit<SecretOwner, 'name'>,
  now: Date = new Date(),
): Promise<string[]> {
  const rows = await db
    .selectFrom('secrets')
    .select('name')
    .distinct()
    .where('group_id', '=', owner.groupId)
    .where('owner_kind', '=', owner.ownerKind)
    .where('owner_id', '=', owner.ownerId)
    .where('environment', '=', owner.environment)
    .where((where) => where.or([where('valid_until', 'is', null), where('valid_until', '>', now)]))
    .orderBy('name')
    .execute();
  return rows.map((row) => row.name);
}
