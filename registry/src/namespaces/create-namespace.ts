import type { Transaction } from 'kysely';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { isReserved } from './reserved-namespaces.ts';

export type CreateOutcome = { ok: true } | { ok: false; code: 'NAMESPACE_FORBIDDEN' | 'CONFLICT'; message: string };

/** Gives a free name to who asks first; a reserved one only by an admin's decision. */
export async function createNamespace(registry: Registry, namespace: string, owner: string): Promise<CreateOutcome> {
  if (isReserved(namespace))
    return {
      ok: false,
      code: 'NAMESPACE_FORBIDDEN',
      message: `The namespace "${namespace}" is reserved. Ask for it with a reason, if it is yours.`,
    };
  const made = await registry.db
    .transaction()
    .execute((transaction) => insertNamespace(transaction, registry, namespace, owner, owner));
  return made ? { ok: true } : { ok: false, code: 'CONFLICT', message: `Somebody has "${namespace}" already.` };
}

/** @returns false when somebody has it */
export async function insertNamespace(
  transaction: Transaction<RegistryTables>,
  { key, now }: Registry,
  namespace: string,
  owner: string,
  by: string,
): Promise<boolean> {
  const at = now();
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('registry_namespaces')
    .values({ namespace, created_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) return false;
  await transaction
    .insertInto('registry_namespace_members')
    .values({ namespace, member: owner, role: 'owner', added_by: by, added_at: at })
    .execute();
  const decision = { actor: by, action: 'namespace.claimed', subject: namespace, details: { owner } } as const;
  await appendDecision(transaction, key, decision, at);
  return true;
}
