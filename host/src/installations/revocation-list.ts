import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { keyId, listEnvelopeSchema, type Envelope } from '@patchbay/plugin-sdk/package/dsse';
import { verifyEnvelope, type RevocationsStatement } from '@patchbay/plugin-sdk/package/statement';
import { RegistryUnavailable, type RegistryClient } from '@patchbay/registry/client/registry-client';
import { placeRefusal } from '@patchbay/registry/client/registry-trust';
import { ApiError } from '../api/api-error.ts';
import type { Database } from '../store/schema.ts';
import { pinnedRegistryKey } from './pinned-registry-key.ts';
import { registryProblem } from './registry-problem.ts';
import { furthestPlace, keepFurthest } from './registry-trust.ts';

const LIST = 'registry.revocations';
const HOST = 'registry.host-id';

const storedSchema = z.object({ number: z.int(), logHash: z.string(), envelope: listEnvelopeSchema });
type Stored = z.infer<typeof storedSchema>;

interface Sources {
  db: Kysely<Database>;
  client: RegistryClient;
}

/**
 * What is revoked, as far as this host can know: the registry's present list, or the last one while the registry is
 * away and the list has not ended.
 *
 *   no list    -> have a list     verified with the pinned key
 *   have       -> newer           its number is higher, or the same with the same log
 *   have       -> refused         it does not verify, its number is lower, or its log is another one: REVOCATIONS_INVALID
 *   have       -> stale           it has ended and there is no newer one: REVOCATIONS_STALE
 *
 * @throws ApiError while nothing may be installed or updated
 */
export async function presentRevocations(
  { db, client }: Sources,
  applied = 0,
  now = new Date(),
): Promise<RevocationsStatement> {
  const key = await pinnedRegistryKey(db, client).catch(unavailable);
  const stored = await readStored(db);
  const furthest = await furthestPlace(db);
  const envelope = await client.revocations({ id: await hostId(db), applied }).catch((error: unknown) => {
    if (error instanceof RegistryUnavailable) return undefined;
    throw error;
  });
  if (envelope === undefined) return verified(stored?.envelope, key, now);
  const list = verified(envelope, key, now);
  for (const before of [stored, furthest]) {
    const refusal = placeRefusal(before, list);
    if (refusal !== undefined) throw refused(refusal);
  }
  const sameText = stored?.envelope.payload === envelope.payload;
  if (!sameText) await keep(db, { number: list.number, logHash: list.logHash, envelope });
  if (list.number !== furthest?.number) await keepFurthest(db, list);
  return list;
}

function verified(envelope: Envelope | undefined, key: KeyObject, now: Date): RevocationsStatement {
  if (envelope === undefined) throw new ApiError('REVOCATIONS_STALE', undefined, { retryAfterSeconds: 30 });
  const opened = verifyEnvelope('revocations', envelope, new Map([[keyId(key), key]]));
  if (!opened.ok) throw refused(opened.message);
  if (Date.parse(opened.statement.expiresAt) <= now.getTime())
    throw new ApiError('REVOCATIONS_STALE', `The list of revoked versions ended at ${opened.statement.expiresAt}.`, {
      retryAfterSeconds: 30,
    });
  return opened.statement;
}

function refused(why: string): ApiError {
  return new ApiError('REVOCATIONS_INVALID', `The registry’s list of revoked versions is refused: ${why}.`, {
    retryAfterSeconds: 30,
  });
}

function unavailable(error: unknown): never {
  throw registryProblem(error);
}

async function readStored(db: Kysely<Database>): Promise<Stored | undefined> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', LIST).executeTakeFirst();
  return row === undefined ? undefined : storedSchema.parse(row.value);
}

/** Of two that come at once the higher number stays. */
async function keep(db: Kysely<Database>, list: Stored): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const value = JSON.stringify(list);
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('settings')
      .values({ name: LIST, value })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) return;
    const row = await trx
      .selectFrom('settings')
      .select('value')
      .where('name', '=', LIST)
      .forUpdate()
      .executeTakeFirst();
    if (row !== undefined && storedSchema.parse(row.value).number > list.number) return;
    await trx.updateTable('settings').set({ value }).where('name', '=', LIST).execute();
  });
}

/** A random name by which the registry counts which hosts have its newest list; it says nothing about who we are. */
async function hostId(db: Kysely<Database>): Promise<string> {
  const find = () => db.selectFrom('settings').select('value').where('name', '=', HOST).executeTakeFirst();
  const known = await find();
  if (typeof known?.value === 'string') return known.value;
  await db
    .insertInto('settings')
    .values({ name: HOST, value: JSON.stringify(randomBytes(16).toString('hex')) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  return z.string().parse((await find())?.value);
}
