import type { Transaction } from 'kysely';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';

export type NamespaceRole = RegistryTables['registry_namespace_members']['role'];

type Readable = Pick<Transaction<RegistryTables>, 'selectFrom'>;

/** What somebody may do in a namespace; undefined when it is none of theirs. */
export async function roleIn(db: Readable, namespace: string, who: string): Promise<NamespaceRole | undefined> {
  const row = await db
    .selectFrom('registry_namespace_members')
    .select('role')
    .where('namespace', '=', namespace)
    .where('member', '=', who)
    .executeTakeFirst();
  return row?.role;
}

export async function namespaceExists(db: Readable, namespace: string): Promise<boolean> {
  const row = await db
    .selectFrom('registry_namespaces')
    .select('namespace')
    .where('namespace', '=', namespace)
    .executeTakeFirst();
  return row !== undefined;
}

/** Of changes of one namespace at once, one waits for the other. @returns false when nobody has it */
export async function lockNamespace(transaction: Transaction<RegistryTables>, namespace: string): Promise<boolean> {
  const row = await transaction
    .selectFrom('registry_namespaces')
    .select('namespace')
    .where('namespace', '=', namespace)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

export async function ownersOf(db: Readable, namespace: string): Promise<string[]> {
  const rows = await db
    .selectFrom('registry_namespace_members')
    .select('member')
    .where('namespace', '=', namespace)
    .where('role', '=', 'owner')
    .orderBy('member')
    .execute();
  return rows.map(({ member }) => member);
}

/**
 * Writes down that other people own a namespace than before: what hosts tell those who have its plugins.
 *
 * @param before the owners before the change
 * @param why `members`, `transfer` or `claim`
 */
export async function recordOwners(
  transaction: Transaction<RegistryTables>,
  { key }: Pick<Registry, 'key'>,
  namespace: string,
  before: readonly string[],
  { by, why }: { by: string; why: 'members' | 'transfer' | 'claim' },
  now: Date,
): Promise<void> {
  const after = await ownersOf(transaction, namespace);
  if (after.join() === before.join()) return;
  const details = { before, after, why };
  const decision = { actor: by, action: 'namespace.owners-changed', subject: namespace, details } as const;
  await appendDecision(transaction, key, decision, now);
}
