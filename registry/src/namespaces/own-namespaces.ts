import type { OwnNamespace } from '@patchbay/plugin-sdk/contract/rest/namespaces';
import type { Registry } from '../registry.ts';

/** The namespaces of which somebody is a member, with everybody else in them and their keys. */
export async function ownNamespaces({ db }: Registry, who: string): Promise<OwnNamespace[]> {
  const own = await db
    .selectFrom('registry_namespace_members')
    .select(['namespace', 'role'])
    .where('member', '=', who)
    .orderBy('namespace')
    .limit(200)
    .execute();
  if (own.length === 0) return [];
  const namespaces = own.map(({ namespace }) => namespace);
  const members = await db
    .selectFrom('registry_namespace_members')
    .select(['namespace', 'member', 'role', 'added_at'])
    .where('namespace', 'in', namespaces)
    .orderBy('added_at')
    .execute();
  const keys = await db
    .selectFrom('registry_author_keys')
    .select(['namespace', 'key_id', 'enrolled_at'])
    .where('namespace', 'in', namespaces)
    .where('revoked_at', 'is', null)
    .execute();
  return own.map(({ namespace, role }) => ({
    namespace,
    role,
    members: members
      .filter((one) => one.namespace === namespace)
      .map((one) => ({ member: one.member, role: one.role, addedAt: one.added_at.toISOString() })),
    keys: keys
      .filter((one) => one.namespace === namespace)
      .map((one) => ({ keyId: one.key_id, enrolledAt: one.enrolled_at.toISOString() })),
  }));
}
