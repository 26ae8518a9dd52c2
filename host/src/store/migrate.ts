import { Migrator, type Kysely, type Migration } from 'kysely';
import * as initial from './migrations/0001-initial.ts';
import * as accounts from './migrations/0002-accounts.ts';
import * as integrationCounters from './migrations/0003-integration-counters.ts';
import * as installationVersions from './migrations/0004-installation-versions.ts';
import * as pluginQuarantines from './migrations/0005-plugin-quarantines.ts';
import * as keyRotation from './migrations/0010-key-rotation.ts';

/** In order of their names. A migration that was released never changes. */
const migrations: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-accounts': accounts,
  '0003-integration-counters': integrationCounters,
  '0004-installation-versions': installationVersions,
  '0005-plugin-quarantines': pluginQuarantines,
  '0010-key-rotation': keyRotation,
};

/** Brings the schema to the newest version. Several hosts may start at once: the migrator holds a lock. */
export async function migrate(db: Kysely<never>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('The schema could not be changed', { cause: error });
}
