import { dirname } from 'node:path';
import { openStore, type Store } from '@patchbay/host/store/open-store';
import type { EmptyDatabase } from './databases.ts';

/** Opens the store of a host on an empty database. The caller closes it. */
export function openTestStore(database: EmptyDatabase): Promise<Store> {
  // The template of an empty PGlite is copied to where a host keeps its database: `database` in its data folder.
  return database.engine === 'pglite'
    ? openStore({ folder: dirname(database.folder) })
    : openStore({ folder: '/nonexistent', databaseUrl: database.url });
}
