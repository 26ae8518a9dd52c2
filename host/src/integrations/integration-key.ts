import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { GroupId, IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import { putSecret, readSecrets } from '../secrets/secret-store.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_NAME = 'key';

/** Whose key it is. */
export interface KeyOwner {
  readonly groupId: GroupId;
  readonly integrationId: IntegrationId;
  readonly environment: Environment;
}

/** `pbk_` and 32 random bytes in base 62. */
export function newIntegrationKey(): string {
  let number = BigInt(`0x${randomBytes(32).toString('hex')}`);
  let text = '';
  while (number > 0n) {
    text = ALPHABET[Number(number % 62n)] + text;
    number /= 62n;
  }
  return `pbk_${text.padStart(43, '0')}`;
}

/**
 * Gives an integration a new key: its digest for the door, itself sealed for those who may see it again.
 *
 * @param overlapUntil until when the keys before it stay valid
 */
export async function putKey(
  db: Kysely<Database>,
  vault: Vault,
  owner: KeyOwner,
  key: string,
  overlapUntil: Date,
): Promise<void> {
  const { groupId, integrationId } = owner;
  await db
    .updateTable('integration_keys')
    .set({ valid_until: overlapUntil })
    .where('group_id', '=', groupId)
    .where('integration_id', '=', integrationId)
    .where((where) => where.or([where('valid_until', 'is', null), where('valid_until', '>', overlapUntil)]))
    .execute();
  const secretId = await putSecret(db, vault, { ...keySecretOf(owner), value: key, overlapUntil });
  await db
    .insertInto('integration_keys')
    .values({
      group_id: groupId,
      integration_id: integrationId,
      key_sha256: createHash('sha256').update(key).digest('hex'),
      secret_id: secretId,
    })
    .execute();
}

/** Where an integration's key stands in the secret store, with those that it has replaced. */
export function keySecretOf({ groupId, environment, integrationId }: KeyOwner) {
  return { groupId, environment, ownerKind: 'integration' as const, ownerId: integrationId, name: SECRET_NAME };
}

/** The newest key; null when it cannot be shown. */
export async function readKey(db: Kysely<Database>, vault: Vault, owner: KeyOwner): Promise<string | null> {
  const [newest] = await readSecrets(db, vault, keySecretOf(owner));
  return newest?.value ?? null;
}
