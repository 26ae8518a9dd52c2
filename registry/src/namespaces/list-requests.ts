import type { Selectable } from 'kysely';
import type { NamespaceRequest } from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { keyId } from '@patchbay/plugin-sdk/package/dsse';
import { parsePublicKey } from '@patchbay/plugin-sdk/package/signing-key';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { ownersOf } from './namespace-members.ts';

const LIST_MAX = 200;
const OWN_MAX = 20;
/** So long somebody sees what became of what they asked for. */
const DECIDED_SHOWN_MS = 30 * 24 * 60 * 60 * 1000;

/** What waits for an admin of the registry, the oldest first. */
export async function openRequests(registry: Registry): Promise<NamespaceRequest[]> {
  const rows = await registry.db
    .selectFrom('registry_namespace_requests')
    .selectAll()
    .where('decided_at', 'is', null)
    .orderBy('asked_at')
    .limit(LIST_MAX)
    .execute();
  return Promise.all(rows.map((row) => shown(registry, row)));
}

/** What somebody asked for, the newest first: what waits, and what was decided lately. */
export async function ownRequests(registry: Registry, askedBy: string): Promise<NamespaceRequest[]> {
  const since = new Date(registry.now().getTime() - DECIDED_SHOWN_MS);
  const rows = await registry.db
    .selectFrom('registry_namespace_requests')
    .selectAll()
    .where('asked_by', '=', askedBy)
    .where((eb) => eb.or([eb('decided_at', 'is', null), eb('decided_at', '>', since)]))
    .orderBy('asked_at', 'desc')
    .limit(OWN_MAX)
    .execute();
  return Promise.all(rows.map((row) => shown(registry, row)));
}

async function shown(
  { db }: Registry,
  row: Selectable<RegistryTables['registry_namespace_requests']>,
): Promise<NamespaceRequest> {
  return {
    id: row.request_id,
    namespace: row.namespace,
    kind: row.kind,
    askedBy: row.asked_by,
    askedAt: row.asked_at.toISOString(),
    reason: row.reason,
    keyId: row.public_key === null ? null : keyId(parsePublicKey(row.public_key)),
    owners: await ownersOf(db, row.namespace),
    state: row.granted === null ? 'open' : row.granted ? 'granted' : 'refused',
    decidedAt: row.decided_at?.toISOString() ?? null,
    decision: row.decision_reason,
  };
}
