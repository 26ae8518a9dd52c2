import type { KeyObject } from 'node:crypto';
import { keyId, type Envelope } from '@patchbay/plugin-sdk/package/dsse';
import { parsePublicKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { appendDecision } from '../log/decision-log.ts';
import { createNamespace, insertNamespace } from '../namespaces/create-namespace.ts';
import { lockNamespace, namespaceExists, roleIn, type NamespaceRole } from '../namespaces/namespace-members.ts';
import type { Registry } from '../registry.ts';

export interface Publisher {
  /** For the log and as the owner of what is claimed: `user:...`, `operator`, `policy:...`. */
  name: string;
  /** Set for publishing under a recorded policy, which may use a reserved namespace. */
  policy?: string;
  /** Takes the namespace if nobody has it. */
  claims?: boolean;
  /** By a token that is good for this namespace alone: it claims nothing and enrols no key. */
  onlyNamespace?: string;
}

export type AuthorResult =
  | { ok: true; keys: Map<string, KeyObject> }
  | { ok: false; code: 'NAMESPACE_FORBIDDEN' | 'NAMESPACE_UNCLAIMED'; message: string };

/**
 * The keys with which this publisher may sign for a namespace:
 *
 *   nobody has it   -> it is claimed, if the publisher says so
 *   it has no key   -> an owner's first upload enrols the key that it was signed with
 *   it has keys     -> one of them has to sign
 */
export async function authorKeys(
  registry: Registry,
  namespace: string,
  publisher: Publisher,
  offered: KeyObject,
): Promise<AuthorResult> {
  const { db } = registry;
  if (publisher.onlyNamespace !== undefined && publisher.onlyNamespace !== namespace)
    return forbidden(`This token is good for the namespace "${publisher.onlyNamespace}" alone.`);
  const role = await roleOrClaim(registry, namespace, publisher);
  if (typeof role !== 'string') return role;
  if (role === 'owner' && publisher.onlyNamespace === undefined)
    await enrolFirstKey(registry, namespace, publisher.name, offered);
  const rows = await db
    .selectFrom('registry_author_keys')
    .select(['key_id', 'public_key'])
    .where('namespace', '=', namespace)
    .where('revoked_at', 'is', null)
    .execute();
  if (rows.length === 0) return forbidden(`"${namespace}" has no key yet: an owner has to publish there first.`);
  return { ok: true, keys: new Map(rows.map((row) => [row.key_id, parsePublicKey(row.public_key)])) };
}

/** Why an envelope cannot be one of this namespace whatever it says: mostly its author took another key file. */
export function unknownKey(
  namespace: string,
  keys: ReadonlyMap<string, KeyObject>,
  { signatures }: Envelope,
): { ok: false; code: 'SIGNING_KEY_UNKNOWN'; message: string } | undefined {
  if (signatures.some(({ keyid }) => keys.has(keyid))) return undefined;
  const named = (ids: readonly string[]): string => ids.map((id) => `${id.slice(0, SHOWN_CHARS)}…`).join(', ');
  const has = keys.size === 0 ? 'no key yet' : `the key ${named([...keys.keys()])}`;
  const used = named(signatures.map(({ keyid }) => keyid));
  return {
    ok: false,
    code: 'SIGNING_KEY_UNKNOWN',
    message: `"${namespace}" has ${has}; this is signed with ${used === '' ? 'none' : used}.`,
  };
}

const SHOWN_CHARS = 16;

async function roleOrClaim(
  registry: Registry,
  namespace: string,
  { name, policy, claims = false, onlyNamespace }: Publisher,
): Promise<NamespaceRole | Extract<AuthorResult, { ok: false }>> {
  const role = await roleIn(registry.db, namespace, name);
  if (role !== undefined) return role;
  const elsewhere = forbidden(`The namespace "${namespace}" belongs to somebody else.`);
  // Another upload of the same publisher may have claimed it since the role was read.
  if (await namespaceExists(registry.db, namespace)) return (await roleIn(registry.db, namespace, name)) ?? elsewhere;
  if (policy !== undefined)
    await registry.db
      .transaction()
      .execute((transaction) => insertNamespace(transaction, registry, namespace, name, name));
  else if (!claims || onlyNamespace !== undefined)
    return { ok: false, code: 'NAMESPACE_UNCLAIMED', message: `Nobody has the namespace "${namespace}" yet.` };
  else {
    const created = await createNamespace(registry, namespace, name);
    if (!created.ok && created.code === 'NAMESPACE_FORBIDDEN') return forbidden(created.message);
  }
  // Of two who claim it at once, one has it.
  return (await roleIn(registry.db, namespace, name)) ?? elsewhere;
}

function forbidden(message: string): Extract<AuthorResult, { ok: false }> {
  return { ok: false, code: 'NAMESPACE_FORBIDDEN', message };
}

async function enrolFirstKey(registry: Registry, namespace: string, by: string, key: KeyObject): Promise<void> {
  const now = registry.now();
  await registry.db.transaction().execute(async (transaction) => {
    await lockNamespace(transaction, namespace);
    const known = await transaction
      .selectFrom('registry_author_keys')
      .select('key_id')
      .where('namespace', '=', namespace)
      .limit(1)
      .executeTakeFirst();
    if (known !== undefined) return;
    const id = keyId(key);
    await transaction
      .insertInto('registry_author_keys')
      .values({ namespace, key_id: id, public_key: publicKeyPem(key), enrolled_at: now })
      .execute();
    const decision = { actor: by, action: 'key.enrolled', subject: namespace, details: { keyId: id } } as const;
    await appendDecision(transaction, registry.key, decision, now);
  });
}
