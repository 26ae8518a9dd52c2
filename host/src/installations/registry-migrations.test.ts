import { Migrator, type Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { openStore } from '../store/open-store.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import { ownersOf } from '@patchbay/registry/namespaces/namespace-members';
import { migrateRegistry, registryMigrations } from '@patchbay/registry/store/migrate-registry';
import type { RegistryTables } from '@patchbay/registry/store/registry-tables';

eachDatabase('the tables of a registry', (newDatabase) => {
  it('keep who owned a namespace when it had one owner and no members', async () => {
    const store = await openStore(await newDatabase());
    try {
      const db = store.db as unknown as Kysely<RegistryTables>;
      const migrator = new Migrator({
        db,
        provider: { getMigrations: () => Promise.resolve(registryMigrations) },
        migrationTableName: 'registry_migrations',
        migrationLockTableName: 'registry_migrations_lock',
      });
      await migrator.migrateTo('0003-check-queue');
      const row = { namespace: 'acme', owner: 'user:ann', created_at: new Date() };
      await db.insertInto('registry_namespaces').values(row).execute();
      await migrateRegistry(store.db as never);
      expect(await ownersOf(db, 'acme')).toEqual(['user:ann']);
    } finally {
      await store.close();
    }
  });
});
