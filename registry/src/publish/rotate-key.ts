import type { KeyObject } from 'node:crypto';
import { keyId, type Envelope } from '@patchbay/plugin-sdk/package/dsse';
import { parsePublicKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { verifyEnvelope } from '@patchbay/plugin-sdk/package/statement';
import { appendDecision } from '../log/decision-log.ts';
import { lockNamespace, roleIn } from '../namespaces/namespace-members.ts';
import type { Registry } from '../registry.ts';
import { unknownKey } from './author-keys.ts';

export type RotationOutcome =
  | { ok: true; keyId: string; replaced: string }
  | {
      ok: false;
      code: 'NAMESPACE_FORBIDDEN' | 'SIGNING_KEY_UNKNOWN' | 'PACKAGE_TAMPERED' | 'BODY_INVALID';
      message: string;
    };

/**
 * Replaces the key with which a namespace signs. The key that is replaced signs that: who has only stolen a token
 * cannot change it. What it signed before stays valid, for each version names the key that it was approved with.
 */
export async function rotateKey(
  registry: Registry,
  namespace: string,
  envelope: Envelope,
  by: string,
): Promise<RotationOutcome> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction): Promise<RotationOutcome> => {
    await lockNamespace(transaction, namespace);
    if ((await roleIn(transaction, namespace, by)) !== 'owner')
      return { ok: false, code: 'NAMESPACE_FORBIDDEN', message: 'Only an owner of this namespace may do that.' };
    const rows = await transaction
      .selectFrom('registry_author_keys')
      .select(['key_id', 'public_key'])
      .where('namespace', '=', namespace)
      .where('revoked_at', 'is', null)
      .execute();
    const keys = new Map(rows.map((row) => [row.key_id, parsePublicKey(row.public_key)]));
    const unknown = unknownKey(namespace, keys, envelope);
    if (unknown !== undefined) return unknown;
    const signed = verifyEnvelope('key-rotation', envelope, keys);
    if (!signed.ok) return { ok: false, code: 'PACKAGE_TAMPERED', message: `Rotation: ${signed.message}` };
    if (signed.statement.namespace !== namespace)
      return { ok: false, code: 'PACKAGE_TAMPERED', message: 'Rotation: it is for another namespace.' };
    const next = publicKeyOrUndefined(signed.statement.publicKey);
    if (next === undefined) return { ok: false, code: 'BODY_INVALID', message: 'The new key is not an Ed25519 key.' };
    const id = keyId(next);
    const known = await transaction
      .selectFrom('registry_author_keys')
      .select('key_id')
      .where('namespace', '=', namespace)
      .where('key_id', '=', id)
      .executeTakeFirst();
    if (known !== undefined)
      return { ok: false, code: 'BODY_INVALID', message: 'This key was used here before; make a new one.' };
    await transaction
      .insertInto('registry_author_keys')
      .values({ namespace, key_id: id, public_key: publicKeyPem(next), enrolled_at: now })
      .execute();
    await transaction
      .updateTable('registry_author_keys')
      .set({ revoked_at: now })
      .where('namespace', '=', namespace)
      .where('key_id', '=', signed.keyId)
      .execute();
    const details = { keyId: id, replaced: signed.keyId };
    const decision = { actor: by, action: 'key.rotated', subject: namespace, details } as const;
    await appendDecision(transaction, registry.key, decision, now);
    return { ok: true, keyId: id, replaced: signed.keyId };
  });
}

function publicKeyOrUndefined(pem: string): KeyObject | undefined {
  try {
    return parsePublicKey(pem);
  } catch {
    return undefined;
  }
}
