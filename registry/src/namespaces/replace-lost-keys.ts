import type { KeyObject } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { NamespaceDecision } from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { keyId } from '@patchbay/plugin-sdk/package/dsse';
import { publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { updateCatalogue } from '../catalogue/update-catalogue.ts';
import { appendDecision } from '../log/decision-log.ts';
import { quarantineIn } from '../publish/quarantine.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';

/**
 * Enrols a key in the place of all that a namespace has, without a signature of theirs. What those signed is kept, or is
 * held until a person has looked at it, where somebody else may have the lost key. Installed versions run on.
 */
export async function replaceLostKeys(
  transaction: Transaction<RegistryTables>,
  registry: Registry,
  namespace: string,
  key: KeyObject,
  { by, versions, reason }: { by: string; versions: NamespaceDecision['versions']; reason: string },
  now: Date,
): Promise<void> {
  const lost = await transaction
    .updateTable('registry_author_keys')
    .set({ revoked_at: now })
    .where('namespace', '=', namespace)
    .where('revoked_at', 'is', null)
    .returning('key_id')
    .execute();
  const replaced = lost.map(({ key_id }) => key_id);
  await transaction
    .insertInto('registry_author_keys')
    .values({ namespace, key_id: keyId(key), public_key: publicKeyPem(key), enrolled_at: now })
    .execute();
  const details = { keyId: keyId(key), replaced, versions, reason };
  const decision = { actor: by, action: 'key.lost', subject: namespace, details } as const;
  await appendDecision(transaction, registry.key, decision, now);
  if (versions === 'hold') await holdWhatTheySigned(transaction, registry, namespace, replaced, by, now);
}

async function holdWhatTheySigned(
  transaction: Transaction<RegistryTables>,
  registry: Registry,
  namespace: string,
  keys: readonly string[],
  by: string,
  now: Date,
): Promise<void> {
  if (keys.length === 0) return;
  const reason = 'It was signed with a key that was lost.';
  const held = await transaction
    .updateTable('registry_versions')
    .set({ held_at: now, held_reason: reason })
    .where('revoked_at', 'is', null)
    .where('held_at', 'is', null)
    .where('plugin_id', 'like', `${namespace}/%`)
    .where('submission_id', 'in', (signed) =>
      signed.selectFrom('registry_submissions').select('submission_id').where('author_key_id', 'in', keys),
    )
    .returning(['plugin_id', 'version'])
    .execute();
  for (const plugin of new Set(held.map(({ plugin_id }) => plugin_id))) await updateCatalogue(transaction, plugin, now);
  for (const { plugin_id, version } of held) {
    const decision = { actor: by, action: 'version.held', subject: `${plugin_id} ${version}` } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: { reason } }, now);
  }
  const open = await transaction
    .selectFrom('registry_submissions')
    .select('submission_id')
    .where('author_key_id', 'in', keys)
    .where('plugin_id', 'like', `${namespace}/%`)
    .where('state', 'in', ['checking', 'in_review', 'approved'])
    .execute();
  for (const { submission_id } of open) await quarantineIn(transaction, registry, submission_id, by, reason);
}
