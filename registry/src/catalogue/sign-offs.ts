import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { reviewLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { SignOff } from '@patchbay/plugin-sdk/contract/rest/registry';
import { appendDecision } from '../log/decision-log.ts';
import { roleIn } from '../namespaces/namespace-members.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { lockVersions } from './lock-versions.ts';
import { markRevoked } from './mark-revoked.ts';
import { endSignOff } from './sign-off-states.ts';

/** What becomes of a sign-off stands in sign-off-states.ts. */
interface Request {
  plugin: string;
  range: string;
  versions: string[];
  installs: number;
  /** What who asks has stopped alone before, within the time that counts. */
  stoppedAlone: number;
  reason: string;
  by: string;
}

export type AskOutcome =
  | { ok: true; revoked: string[]; signOff: { id: string; installs: number; stoppedAlone: number; limit: number } }
  | { ok: false; code: 'CONFLICT'; message: string };

/**
 * Revokes softly and asks for a second reviewer who makes it hard.
 *
 * @param transaction has the plugin's versions locked, so that nobody asks for the same meanwhile
 */
export async function askSignOff(
  transaction: Transaction<RegistryTables>,
  registry: Registry,
  { plugin, range, versions, installs, stoppedAlone, reason, by }: Request,
  now: Date,
): Promise<AskOutcome> {
  const waiting = await transaction
    .selectFrom('registry_sign_offs')
    .select('versions')
    .where('plugin_id', '=', plugin)
    .where('state', '=', 'waiting')
    .execute();
  if (waiting.some((one) => versions.every((version) => one.versions.includes(version))))
    return { ok: false, code: 'CONFLICT', message: 'This waits for a second reviewer already: confirm that one.' };
  const id = randomUUID();
  await transaction
    .insertInto('registry_sign_offs')
    .values({
      ...{ sign_off_id: id, plugin_id: plugin, range, versions: JSON.stringify(versions), installs, reason },
      ...{ asked_by: by, asked_at: now, state: 'waiting' },
    })
    .execute();
  const signOff = { id, installs, stoppedAlone, limit: reviewLimits.loneRevocationInstalls };
  const decision = { actor: by, action: 'revocation.asked', subject: `${plugin} ${range}` } as const;
  const details = { signOff: id, versions, installs, stoppedAlone, limit: signOff.limit, reason };
  await appendDecision(transaction, registry.key, { ...decision, details }, now);
  const order = { plugin, range, kind: 'soft', reason, by, signOff: { id, askedBy: by } } as const;
  return { ok: true, revoked: await markRevoked(transaction, registry, versions, order, now), signOff };
}

type Refusal = { ok: false; code: 'NOT_FOUND' | 'CONFLICT' | 'OWN_SUBMISSION'; message: string };
const notThere: Refusal = { ok: false, code: 'NOT_FOUND', message: 'There is no such sign-off.' };
const ended: Refusal = { ok: false, code: 'CONFLICT', message: 'This was confirmed, withdrawn or overtaken already.' };
const OWN = 'You asked for it yourself: another reviewer has to agree.';

/** A second reviewer agrees: every version that was asked for is revoked hard, with the reason of who asked. */
export async function confirmSignOff(
  registry: Registry,
  id: string,
  by: string,
): Promise<{ ok: true; revoked: string[] } | Refusal> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction) => {
    const row = await findSignOff(transaction, id);
    if (row === undefined) return notThere;
    if (row.asked_by === by) return { ok: false, code: 'OWN_SUBMISSION', message: OWN };
    await lockVersions(transaction, row.plugin_id);
    if (!(await endSignOff(transaction, id, { state: 'confirmed', by, reason: null }, now))) return ended;
    const { plugin_id: plugin, range, reason, asked_by: askedBy } = row;
    const order = { plugin, range, kind: 'hard', reason, by, signOff: { id, askedBy } } as const;
    return { ok: true, revoked: await markRevoked(transaction, registry, row.versions, order, now) };
  });
}

/** It does not become hard. What is revoked softly stays so: one person puts nothing back on offer. */
export async function withdrawSignOff(
  registry: Registry,
  id: string,
  reason: string,
  by: string,
): Promise<{ ok: true } | Refusal> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction): Promise<{ ok: true } | Refusal> => {
    const row = await findSignOff(transaction, id);
    if (row === undefined) return notThere;
    const { plugin_id: plugin, range, asked_by: askedBy } = row;
    if (askedBy !== by && (await roleIn(transaction, plugin.slice(0, plugin.indexOf('/')), by)) !== undefined)
      return { ok: false, code: 'OWN_SUBMISSION', message: 'It is about a plugin of yours; somebody else decides.' };
    if (!(await endSignOff(transaction, id, { state: 'withdrawn', by, reason }, now))) return ended;
    const decision = { actor: by, action: 'revocation.withdrawn', subject: `${plugin} ${range}` } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: { signOff: id, askedBy, reason } }, now);
    return { ok: true };
  });
}

function findSignOff(transaction: Transaction<RegistryTables>, id: string) {
  return transaction.selectFrom('registry_sign_offs').selectAll().where('sign_off_id', '=', id).executeTakeFirst();
}

/** What waits, oldest first. Index registry_sign_offs_waiting. */
export async function listSignOffs({ db }: Registry, reader: string): Promise<SignOff[]> {
  const rows = await db
    .selectFrom('registry_sign_offs')
    .selectAll()
    .where('state', '=', 'waiting')
    .orderBy('asked_at')
    .limit(LIST_MAX)
    .execute();
  return rows.map((row) => ({
    id: row.sign_off_id,
    plugin: row.plugin_id,
    range: row.range,
    versions: row.versions,
    installs: row.installs,
    reason: row.reason,
    askedBy: row.asked_by,
    askedAt: row.asked_at.toISOString(),
    mayNotConfirm: row.asked_by === reader ? OWN : null,
  }));
}

const LIST_MAX = 200;
