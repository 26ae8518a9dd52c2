import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import type { RegistryClient } from '@patchbay/registry/client/registry-client';
import type { LogPlace, RegistryTrust } from '@patchbay/registry/client/registry-trust';
import type { Database } from '../store/schema.ts';
import { pinnedRegistryKey } from './pinned-registry-key.ts';

const FURTHEST = 'registry.furthest';
const placeSchema = z.object({ number: z.int().nonnegative(), logHash: z.string() });

/** What this host remembers of its registry: the key that it saw first, and how far the log had come. */
export function registryTrust(db: Kysely<Database>): (client: Pick<RegistryClient, 'key'>) => RegistryTrust {
  return (client) => ({
    key: () => pinnedRegistryKey(db, client),
    furthest: () => furthestPlace(db),
    reached: (place) => keepFurthest(db, place),
  });
}

/** The furthest place in the registry's log that this host was shown by anything signed. */
export async function furthestPlace(db: Kysely<Database>): Promise<LogPlace | undefined> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', FURTHEST).executeTakeFirst();
  return row === undefined ? undefined : placeSchema.parse(row.value);
}

/** Of two that come at once the higher number stays. */
export async function keepFurthest(db: Kysely<Database>, { number, logHash }: LogPlace): Promise<void> {
  const value = JSON.stringify({ number, logHash });
  await db
    .insertInto('settings')
    .values({ name: FURTHEST, value })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ value })
        .where(({ eb, ref }) => eb(sql<number>`(${ref('settings.value')} ->> 'number')::bigint`, '<', number)),
    )
    .execute();
}
