import type { Transaction } from 'kysely';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { lockNamespace, ownersOf, recordOwners, roleIn, type NamespaceRole } from './namespace-members.ts';

/** A namespace holds no more, so that a list of them is always short. */
const MEMBERS_MAX = 100;

export type MembersOutcome =
  { ok: true } | { ok: false; code: 'NAMESPACE_FORBIDDEN' | 'CONFLICT' | 'NOT_FOUND'; message: string };

const forbidden: MembersOutcome = {
  ok: false,
  code: 'NAMESPACE_FORBIDDEN',
  message: 'Only an owner of this namespace may do that.',
};
const lastOwner: MembersOutcome = {
  ok: false,
  code: 'CONFLICT',
  message: 'A namespace needs an owner: make somebody else owner first.',
};

/** Adds a member, or gives one another role. Owners may; the last owner stays one. */
export async function setMember(
  registry: Registry,
  namespace: string,
  member: string,
  role: NamespaceRole,
  by: string,
): Promise<MembersOutcome> {
  return inNamespace(registry, namespace, by, async (transaction, owners, now) => {
    const before = await roleIn(transaction, namespace, member);
    if (before === role) return { ok: true };
    if (before === 'owner' && owners.length === 1) return lastOwner;
    if (before === undefined && (await countMembers(transaction, namespace)) >= MEMBERS_MAX)
      return { ok: false, code: 'CONFLICT', message: `A namespace has at most ${MEMBERS_MAX} members.` };
    await transaction
      .insertInto('registry_namespace_members')
      .values({ namespace, member, role, added_by: by, added_at: now })
      .onConflict((conflict) => conflict.columns(['namespace', 'member']).doUpdateSet({ role }))
      .execute();
    await record(transaction, registry, namespace, { by, member, before: before ?? null, after: role }, now);
    await recordOwners(transaction, registry, namespace, owners, { by, why: 'members' }, now);
    return { ok: true };
  });
}

/** Takes somebody out of a namespace. Owners may, and everybody may leave; the last owner stays. */
export async function removeMember(
  registry: Registry,
  namespace: string,
  member: string,
  by: string,
): Promise<MembersOutcome> {
  return inNamespace(
    registry,
    namespace,
    by,
    async (transaction, owners, now) => {
      const before = await roleIn(transaction, namespace, member);
      if (before === undefined) return { ok: false, code: 'NOT_FOUND', message: 'They are no member of it.' };
      if (before === 'owner' && owners.length === 1) return lastOwner;
      await transaction
        .deleteFrom('registry_namespace_members')
        .where('namespace', '=', namespace)
        .where('member', '=', member)
        .execute();
      await record(transaction, registry, namespace, { by, member, before, after: null }, now);
      await recordOwners(transaction, registry, namespace, owners, { by, why: 'members' }, now);
      return { ok: true };
    },
    member === by,
  );
}

/**
 * Gives a namespace to somebody else: they are its one owner then. Members stay, keys too, until the new owner replaces
 * them.
 */
export async function transferNamespace(
  registry: Registry,
  namespace: string,
  to: string,
  by: string,
): Promise<MembersOutcome> {
  return inNamespace(registry, namespace, by, async (transaction, owners, now) => {
    await makeOnlyOwner(transaction, namespace, to, by, now);
    await recordOwners(transaction, registry, namespace, owners, { by, why: 'transfer' }, now);
    return { ok: true };
  });
}

export async function makeOnlyOwner(
  transaction: Transaction<RegistryTables>,
  namespace: string,
  owner: string,
  by: string,
  now: Date,
): Promise<void> {
  await transaction
    .deleteFrom('registry_namespace_members')
    .where('namespace', '=', namespace)
    .where((eb) => eb.or([eb('role', '=', 'owner'), eb('member', '=', owner)]))
    .execute();
  await transaction
    .insertInto('registry_namespace_members')
    .values({ namespace, member: owner, role: 'owner', added_by: by, added_at: now })
    .execute();
}

/** @param anyRole whether somebody who is no owner may do this */
async function inNamespace(
  registry: Registry,
  namespace: string,
  by: string,
  change: (transaction: Transaction<RegistryTables>, owners: string[], now: Date) => Promise<MembersOutcome>,
  anyRole = false,
): Promise<MembersOutcome> {
  return registry.db.transaction().execute(async (transaction): Promise<MembersOutcome> => {
    if (!(await lockNamespace(transaction, namespace)))
      return { ok: false, code: 'NOT_FOUND', message: 'Nobody has this namespace.' };
    const role = await roleIn(transaction, namespace, by);
    if (role !== 'owner' && !(anyRole && role !== undefined)) return forbidden;
    return change(transaction, await ownersOf(transaction, namespace), registry.now());
  });
}

async function countMembers(transaction: Transaction<RegistryTables>, namespace: string): Promise<number> {
  const row = await transaction
    .selectFrom('registry_namespace_members')
    .select((eb) => eb.fn.countAll<number>().as('members'))
    .where('namespace', '=', namespace)
    .executeTakeFirstOrThrow();
  return row.members;
}

interface MemberChange {
  by: string;
  member: string;
  before: NamespaceRole | null;
  after: NamespaceRole | null;
}

async function record(
  transaction: Transaction<RegistryTables>,
  { key }: Registry,
  namespace: string,
  { by, ...details }: MemberChange,
  now: Date,
): Promise<void> {
  const decision = { actor: by, action: 'namespace.member-changed', subject: namespace, details } as const;
  await appendDecision(transaction, key, decision, now);
}
