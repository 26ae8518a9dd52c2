import { Migrator, type Kysely, type Migration } from 'kysely';
import * as initial from './migrations/0001-initial.ts';
import * as accounts from './migrations/0002-accounts.ts';
import * as integrationCounters from './migrations/0003-integration-counters.ts';
import * as installationVersions from './migrations/0004-installation-versions.ts';
import * as pluginQuarantines from './migrations/0005-plugin-quarantines.ts';
import * as ingestManagement from './migrations/0006-ingest-management.ts';
import * as ingestRules from './migrations/0007-ingest-rules.ts';
import * as integrationHistory from './migrations/0008-integration-history.ts';
import * as calls from './migrations/0009-calls.ts';
import * as keyRotation from './migrations/0010-key-rotation.ts';
import * as seenDeliveries from './migrations/0012-seen-deliveries.ts';
import * as trust from './migrations/0013-trust.ts';
import * as earlyUpdates from './migrations/0014-early-updates.ts';

/** In order of their names. A migration that was released never changes. */
const migrations: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-accounts': accounts,
  '0003-integration-counters': integrationCounters,
  '0004-installation-versions': installationVersions,
  '0005-plugin-quarantines': pluginQuarantines,
  '0006-ingest-management': ingestManagement,
  '0007-ingest-rules': ingestRules,
  '0008-integration-history': integrationHistory,
  '0009-calls': calls,
  '0010-key-rotation': keyRotation,
  '0012-seen-deliveries': seenDeliveries,
  '0013-trust': trust,
  '0014-early-updates': earlyUpdates,
};

/** Brings the schema to the newest version. Several hosts may start at once: the migrator holds a lock. */
export async function migrate(db: Kysely<never>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('The schema could not be changed', { cause: error });
}
