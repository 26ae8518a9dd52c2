import type { Kysely } from 'kysely';
import { SIGNATURE_SECRET } from '../ingest/door-integration.ts';
import { putSecret, type SecretOwner } from '../secrets/secret-store.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';
import type { KeyOwner } from './integration-key.ts';

/** Where an integration's signature secret stands in the secret store. */
export function signatureSecretOf({ groupId, environment, integrationId }: KeyOwner): SecretOwner {
  return { groupId, environment, ownerKind: 'integration', ownerId: integrationId, name: SIGNATURE_SECRET };
}

/**
 * Gives an integration a new signature secret.
 *
 * @param overlapUntil until when those before it are taken as well
 */
export async function rotateSignatureSecret(
  db: Kysely<Database>,
  vault: Vault,
  owner: KeyOwner,
  value: string,
  overlapUntil: Date,
): Promise<void> {
  await putSecret(db, vault, { ...signatureSecretOf(owner), value, overlapUntil });
}
