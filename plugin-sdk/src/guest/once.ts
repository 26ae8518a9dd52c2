import { PatchbayError } from './patchbay-error.ts';
import { sleep } from './sleep.ts';
import { store } from './store.ts';

/** How `once` looks for a thing outside, and how it makes it. */
export interface OnceSteps<T> {
  /** Looks outside for what an earlier `create` made, by a marker that `create` puts on it; undefined: not found. */
  find: () => Promise<T | undefined>;
  create: () => Promise<T>;
  /** How long the other side may take until `find` sees what was created. Needs `permissions.schedule`. */
  lagMs?: number;
}

/** `create` may be repeated this often when nobody can say whether it happened. */
const CREATES = 2;

/**
 * Makes something outside at most once, and remembers what it is: looks in the store, then with `find`, then calls
 * `create`. When the answer to `create` was lost, `find` decides, after the stated lag, before anything is repeated;
 * also in a later delivery, when an earlier one may have created it a moment ago.
 * Needs `permissions.store`.
 *
 * @param name names the thing within the installation, for instance `issue-${change.incident.id}`
 */
export async function once<T>(name: string, { find, create, lagMs = 0 }: OnceSteps<T>): Promise<T> {
  const key = `once:${name}`;
  const known = await store.read(key);
  if (known !== undefined) return known.value as T;
  const made =
    (await find()) ??
    (lagMs > 0
      ? await createAfterLag(`creating:${name}`, find, create, lagMs)
      : await createOrFind(find, create, lagMs));
  await store.set(key, made);
  return made;
}

/** What was created less than the lag ago is not found yet: the time of creating is written ahead. */
async function createAfterLag<T>(
  key: string,
  find: OnceSteps<T>['find'],
  create: OnceSteps<T>['create'],
  lagMs: number,
): Promise<T> {
  const begun = await store.get<number>(key);
  if (begun !== undefined) {
    await sleep(Math.min(lagMs, begun + lagMs - Date.now()));
    const found = await find();
    if (found !== undefined) {
      await store.delete(key);
      return found;
    }
  }
  await store.set(key, Date.now());
  const made = await createOrFind(find, create, lagMs);
  await store.delete(key);
  return made;
}

async function createOrFind<T>(find: OnceSteps<T>['find'], create: OnceSteps<T>['create'], lagMs: number): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await create();
    } catch (error) {
      if (!(error instanceof PatchbayError) || error.code !== 'OUTCOME_UNKNOWN') throw error;
      if (lagMs > 0) await sleep(lagMs);
      const found = await find();
      if (found !== undefined) return found;
      if (attempt === CREATES) throw error;
    }
  }
}
