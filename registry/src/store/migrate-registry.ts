import { Migrator, type Kysely, type Migration } from 'kysely';
import * as registry from './migrations/0001-registry.ts';
import * as checkQueue from './migrations/0003-check-queue.ts';
import * as namespaces from './migrations/0004-namespaces.ts';
import * as reports from './migrations/0006-reports.ts';
import * as signOffs from './migrations/0007-sign-offs.ts';
import * as stoppedAlone from './migrations/0008-stopped-alone.ts';
import * as rechecks from './migrations/0009-rechecks.ts';
import * as review from './migrations/0002-review.ts';

/** In order of their names. A migration that was released never changes. */
export const registryMigrations: Record<string, Migration> = {
  '0001-registry': registry,
  '0002-review': review,
  '0003-check-queue': checkQueue,
  '0004-namespaces': namespaces,
  '0006-reports': reports,
  '0007-sign-offs': signOffs,
  '0008-stopped-alone': stoppedAlone,
  '0009-rechecks': rechecks,
};

/** Brings the registry's tables to the newest version; kept apart from a host's migrations in the same database. */
export async function migrateRegistry(db: Kysely<never>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(registryMigrations) },
    migrationTableName: 'registry_migrations',
    migrationLockTableName: 'registry_migrations_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('The registry’s tables could not be made.', { cause: error });
}
