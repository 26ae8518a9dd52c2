import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { Store } from '../store/open-store.ts';
import type { Database } from '../store/schema.ts';
import { transact } from '../store/transact.ts';
import type { Position, SealedPlace } from './sealed-place.ts';
import type { Vault } from './vault.ts';

/**
 * Wraps everything that is sealed by the present host key, in batches, while hosts serve. The rotation is a row, so that
 * it outlives a restart and any host with that key carries it on; one at a time, by a claim that lapses.
 *
 *   started  -> walking   a host claims it
 *   walking  -> walking   a batch: rows, position and counts change in one transaction
 *   walking  -> finished  every place was walked through, and only what no key opens is left
 *            -> walking   something is left: it was being written, or a host still seals with another key; one more pass
 */
export interface KeyRotation {
  /** Looks at once whether there is something to do. */
  wake(): void;
  stop(): Promise<void>;
}

interface Options {
  store: Store;
  vault: Vault;
  places: readonly SealedPlace[];
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Rows of a batch. */
  rows?: number;
}

export const ROTATION_CHANNEL = 'key-rotation';
const ROWS = 200;
const POLL_MS = 10_000;
const CLAIM_MS = 30_000;
/** Between batches, so that what is served goes first. */
const BREATH_MS = 5;
const NEXT_PASS_MS = 1_000;

type Rotation = Selectable<Database['key_rotations']>;

export async function startKeyRotation({ store, vault, places, log, rows = ROWS }: Options): Promise<KeyRotation> {
  const { db } = store;
  const me = randomUUID();
  let stopping = false;
  let nudge = () => {};

  async function walk(): Promise<void> {
    for (;;) {
      if (stopping) return;
      const rotation = await claim(db, vault.keyId, me);
      if (rotation === undefined) return;
      const place = places.find(({ name }) => name === rotation.part);
      if (place !== undefined) {
        await transact(db, (trx) => takeBatch(trx, rotation, me, vault, places, place, rows));
        await sleep(BREATH_MS);
        continue;
      }
      const left = await remainingIn(db, vault, places);
      const found = Object.values(left).reduce((sum, count) => sum + count, 0);
      if (found <= rotation.unreadable) {
        await finish(db, rotation, me);
        log.info(
          { keyId: vault.keyId, unreadable: rotation.unreadable },
          'everything is sealed by the present host key',
        );
        return;
      }
      await sleep(NEXT_PASS_MS);
      await nextPass(db, rotation, me, places[0]?.name ?? '');
    }
  }

  const running = (async () => {
    while (!stopping) {
      const nudged = new Promise<void>((resolve) => (nudge = resolve));
      await walk().catch((error: unknown) =>
        log.error({ err: error }, 'the rotation of the host key will go on later'),
      );
      if (stopping) break;
      const timer = new AbortController();
      await Promise.race([nudged, sleep(POLL_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
    }
    await release(db, me).catch(() => undefined);
  })();
  const unlisten = await store.listen(ROTATION_CHANNEL, () => nudge());

  return {
    wake: () => nudge(),
    async stop() {
      stopping = true;
      nudge();
      await running;
      await unlisten();
    },
  };
}

/** @returns false when one is under way already */
export async function beginRotation(
  db: Kysely<Database>,
  rotation: { id: string; keyId: string; by: string; part: string },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('key_rotations')
    .values({
      rotation_id: rotation.id,
      key_id: rotation.keyId,
      started_at: new Date(),
      started_by: rotation.by,
      part: rotation.part,
      claim_id: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** By place, how many values another key has sealed. */
export async function remainingIn(
  db: Kysely<Database>,
  vault: Vault,
  places: readonly SealedPlace[],
): Promise<Record<string, number>> {
  const left: Record<string, number> = {};
  for (const place of places) left[place.name] = await place.remaining(db, vault);
  return left;
}

async function claim(db: Kysely<Database>, keyId: string, me: string): Promise<Rotation | undefined> {
  const { rows } = await sql<Rotation>`
    update key_rotations set claim_id = ${me}, claimed_until = ${new Date(Date.now() + CLAIM_MS)}::timestamptz
    where finished_at is null and key_id = ${keyId}
      and (claim_id is null or claim_id = ${me} or claimed_until < ${new Date()}::timestamptz)
    returning *
  `.execute(db);
  return rows[0];
}

async function takeBatch(
  trx: Kysely<Database>,
  rotation: Rotation,
  me: string,
  vault: Vault,
  places: readonly SealedPlace[],
  place: SealedPlace,
  rows: number,
): Promise<void> {
  const held = await trx
    .selectFrom('key_rotations')
    .select('after')
    .where('rotation_id', '=', rotation.rotation_id)
    .where('claim_id', '=', me)
    .forUpdate()
    .executeTakeFirst();
  if (held === undefined) return;
  const done = await place.rewrap(trx, vault, held.after as Position | null, rows);
  const next = places[places.indexOf(place) + 1]?.name ?? WALKED;
  await trx
    .updateTable('key_rotations')
    .set((row) => ({
      part: done.after === null ? next : place.name,
      after: done.after === null ? null : JSON.stringify(done.after),
      looked_at: row('looked_at', '+', done.lookedAt),
      rewrapped: row('rewrapped', '+', done.rewrapped),
      unreadable: row('unreadable', '+', done.unreadable),
    }))
    .where('rotation_id', '=', rotation.rotation_id)
    .execute();
}

/** The part that follows the last place. */
const WALKED = 'walked';

async function nextPass(db: Kysely<Database>, { rotation_id }: Rotation, me: string, first: string): Promise<void> {
  await db
    .updateTable('key_rotations')
    .set((row) => ({ part: first, after: null, passes: row('passes', '+', 1), looked_at: 0, unreadable: 0 }))
    .where('rotation_id', '=', rotation_id)
    .where('claim_id', '=', me)
    .execute();
}

async function finish(db: Kysely<Database>, { rotation_id }: Rotation, me: string): Promise<void> {
  await db
    .updateTable('key_rotations')
    .set({ finished_at: new Date(), claim_id: null, claimed_until: null })
    .where('rotation_id', '=', rotation_id)
    .where('claim_id', '=', me)
    .execute();
}

async function release(db: Kysely<Database>, me: string): Promise<void> {
  await db
    .updateTable('key_rotations')
    .set({ claim_id: null, claimed_until: null })
    .where('claim_id', '=', me)
    .execute();
}
