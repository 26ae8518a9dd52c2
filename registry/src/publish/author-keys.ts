import type { KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import { keyId } from '@patchbay/plugin-sdk/package/dsse';
import { parsePublicKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';

/** Names that nobody may claim; the registry's own policies may publish there. */
const reservedNamespaces = new Set(['patchbay']);

export interface Publisher {
  /** For the log and as the owner of what is claimed: `user:...`, `operator`, `policy:...`. */
  name: string;
  /** Set for publishing under a recorded policy. */
  policy?: string;
}

export type AuthorResult =
  { ok: true; keys: Map<string, KeyObject> } | { ok: false; code: 'NAMESPACE_FORBIDDEN'; message: string };

/**
 * The keys with which this publisher may sign for a namespace. The first to publish into a free namespace claims it,
 * and the key used then is enrolled; later versions must be signed by an enrolled key.
 */
export async function authorKeys(
  registry: Registry,
  namespace: string,
  publisher: Publisher,
  offered: KeyObject,
): Promise<AuthorResult> {
  const { db } = registry;
  const owner = await ownerOf(db, namespace);
  if (owner === undefined) {
    if (reservedNamespaces.has(namespace) && publisher.policy === undefined)
      return forbidden(`The namespace "${namespace}" is reserved.`);
    await claim(registry, namespace, publisher, offered);
  }
  const holder = owner ?? (await ownerOf(db, namespace));
  if (holder !== publisher.name) return forbidden(`The namespace "${namespace}" belongs to somebody else.`);
  const rows = await db
    .selectFrom('registry_author_keys')
    .select(['key_id', 'public_key'])
    .where('namespace', '=', namespace)
    .where('revoked_at', 'is', null)
    .execute();
  return { ok: true, keys: new Map(rows.map((row) => [row.key_id, parsePublicKey(row.public_key)])) };
}

function forbidden(message: string): AuthorResult {
  return { ok: false, code: 'NAMESPACE_FORBIDDEN', message };
}

async function ownerOf(db: Kysely<RegistryTables>, namespace: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('registry_namespaces')
    .select('owner')
    .where('namespace', '=', namespace)
    .executeTakeFirst();
  return row?.owner;
}

async function claim(registry: Registry, namespace: string, publisher: Publisher, key: KeyObject): Promise<void> {
  const now = registry.now();
  await registry.db.transaction().execute(async (transaction) => {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('registry_namespaces')
      .values({ namespace, owner: publisher.name, created_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 1n) return;
    const id = keyId(key);
    await transaction
      .insertInto('registry_author_keys')
      .values({ namespace, key_id: id, public_key: publicKeyPem(key), enrolled_at: now })
      .execute();
    const by = { actor: publisher.name, subject: namespace };
    await appendDecision(transaction, registry.key, { ...by, action: 'namespace.claimed', details: {} }, now);
    await appendDecision(transaction, registry.key, { ...by, action: 'key.enrolled', details: { keyId: id } }, now);
  });
}
