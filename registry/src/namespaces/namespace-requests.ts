import { randomUUID, type KeyObject } from 'node:crypto';
import type { Selectable, Transaction } from 'kysely';
import type { NamespaceDecision } from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { keyId } from '@patchbay/plugin-sdk/package/dsse';
import { parsePublicKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import { isDuplicate } from '../store/is-duplicate.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { makeOnlyOwner } from './change-members.ts';
import { insertNamespace } from './create-namespace.ts';
import { lockNamespace, namespaceExists, ownersOf, recordOwners, roleIn } from './namespace-members.ts';
import { replaceLostKeys } from './replace-lost-keys.ts';
import { isOurs } from './reserved-namespaces.ts';

/**
 * What only an admin of the registry grants: a namespace that is reserved or somebody else's, and a new key for one
 * whose old key is lost.
 *
 *   open -> granted   carried out, in the same transaction
 *        -> refused
 */
type Row = Selectable<RegistryTables['registry_namespace_requests']>;

export type RequestOutcome =
  | { ok: true; requestId: string }
  | { ok: false; code: 'NAMESPACE_FORBIDDEN' | 'CONFLICT' | 'BODY_INVALID'; message: string };

/** So many of one person may wait. */
const OPEN_MAX = 20;

/** Asks for a namespace that cannot simply be had. */
export async function askForNamespace(
  registry: Registry,
  namespace: string,
  reason: string,
  by: string,
): Promise<RequestOutcome> {
  if (isOurs(namespace))
    return { ok: false, code: 'NAMESPACE_FORBIDDEN', message: `The namespace "${namespace}" is given to nobody.` };
  if ((await roleIn(registry.db, namespace, by)) === 'owner')
    return { ok: false, code: 'CONFLICT', message: 'It is yours already.' };
  return ask(registry, { namespace, kind: 'claim', asked_by: by, reason, public_key: null });
}

/** An owner, who no longer has the key of the namespace, asks that another one takes its place. */
export async function reportLostKey(
  registry: Registry,
  namespace: string,
  publicKey: KeyObject,
  reason: string,
  by: string,
): Promise<RequestOutcome> {
  if ((await roleIn(registry.db, namespace, by)) !== 'owner')
    return { ok: false, code: 'NAMESPACE_FORBIDDEN', message: 'Only an owner of this namespace may do that.' };
  const known = await registry.db
    .selectFrom('registry_author_keys')
    .select('key_id')
    .where('namespace', '=', namespace)
    .where('key_id', '=', keyId(publicKey))
    .executeTakeFirst();
  if (known !== undefined)
    return { ok: false, code: 'BODY_INVALID', message: 'This key was used here before; make a new one.' };
  return ask(registry, { namespace, kind: 'lost-key', asked_by: by, reason, public_key: publicKeyPem(publicKey) });
}

async function ask(
  { db, now }: Registry,
  request: Pick<Row, 'namespace' | 'kind' | 'asked_by' | 'reason' | 'public_key'>,
): Promise<RequestOutcome> {
  const { open } = await db
    .selectFrom('registry_namespace_requests')
    .select((eb) => eb.fn.countAll<number>().as('open'))
    .where('asked_by', '=', request.asked_by)
    .where('decided_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (open >= OPEN_MAX)
    return { ok: false, code: 'CONFLICT', message: `${OPEN_MAX} of your requests wait to be decided.` };
  const requestId = randomUUID();
  try {
    await db
      .insertInto('registry_namespace_requests')
      .values({ request_id: requestId, ...request, asked_at: now() })
      .execute();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return { ok: false, code: 'CONFLICT', message: 'You have asked for this already.' };
  }
  return { ok: true, requestId };
}

export type DecisionOutcome =
  { ok: true } | { ok: false; code: 'NOT_FOUND' | 'CONFLICT' | 'OWN_SUBMISSION'; message: string };

/** An admin of the registry decides; not one who asked. */
export async function decideRequest(
  registry: Registry,
  requestId: string,
  { grant, reason, versions }: NamespaceDecision,
  by: string,
): Promise<DecisionOutcome> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction): Promise<DecisionOutcome> => {
    const row = await transaction
      .selectFrom('registry_namespace_requests')
      .selectAll()
      .where('request_id', '=', requestId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return { ok: false, code: 'NOT_FOUND', message: 'There is no such request.' };
    if (row.decided_at !== null) return { ok: false, code: 'CONFLICT', message: 'This was decided already.' };
    if (row.asked_by === by)
      return { ok: false, code: 'OWN_SUBMISSION', message: 'You asked for it yourself: another admin has to decide.' };
    const about = { actor: by, subject: row.namespace };
    const details = { kind: row.kind, askedBy: row.asked_by, reason };
    if (grant) {
      const refused =
        row.kind === 'claim'
          ? await grantClaim(transaction, registry, row, by, now)
          : await grantKey(transaction, registry, row, { by, versions, reason }, now);
      if (refused !== undefined) return refused;
    } else await appendDecision(transaction, registry.key, { ...about, action: 'namespace.refused', details }, now);
    await transaction
      .updateTable('registry_namespace_requests')
      .set({ decided_at: now, decided_by: by, granted: grant, decision_reason: reason })
      .where('request_id', '=', requestId)
      .execute();
    return { ok: true };
  });
}

async function grantClaim(
  transaction: Transaction<RegistryTables>,
  registry: Registry,
  { namespace, asked_by: owner }: Row,
  by: string,
  now: Date,
): Promise<undefined> {
  if (!(await namespaceExists(transaction, namespace)))
    if (await insertNamespace(transaction, registry, namespace, owner, by)) return;
  await lockNamespace(transaction, namespace);
  const before = await ownersOf(transaction, namespace);
  await makeOnlyOwner(transaction, namespace, owner, by, now);
  await recordOwners(transaction, registry, namespace, before, { by, why: 'claim' }, now);
}

async function grantKey(
  transaction: Transaction<RegistryTables>,
  registry: Registry,
  row: Row,
  decision: { by: string; versions: NamespaceDecision['versions']; reason: string },
  now: Date,
): Promise<DecisionOutcome | undefined> {
  await lockNamespace(transaction, row.namespace);
  // Who asked may have been put out since.
  if (row.public_key === null || (await roleIn(transaction, row.namespace, row.asked_by)) !== 'owner')
    return { ok: false, code: 'CONFLICT', message: 'Who asked does not own this namespace any more.' };
  await replaceLostKeys(transaction, registry, row.namespace, parsePublicKey(row.public_key), decision, now);
  return undefined;
}
