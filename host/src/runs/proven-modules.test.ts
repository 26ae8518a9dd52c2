import { newId, type GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { loaderOf, runOf, textModule } from '@patchbay/plugin-sdk/sandbox/test-modules';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { keepProven, loadProven } from './proven-modules.ts';

// Traps on an input of more than ten bytes.
const touchy = textModule(
  `(func (export "ingest") (result i32)
    (if (i32.gt_u (call $input_length) (i32.const 10)) (then (unreachable)))
    (call $output_write (i32.const 0) (i32.const 2))
    (i32.const 0))
   (data (i32.const 0) "{}")`,
);

eachDatabase('versions that have proved themselves', (newDatabase) => {
  let store: Store;
  const group = newId('group');
  const installation = newId('installation');
  beforeAll(async () => {
    store = await openStore(await newDatabase());
    await store.db.insertInto('groups').values({ group_id: group, name: 'A' }).execute();
    await install(store, group, installation);
  });
  afterAll(() => store.close());

  it('are known after a restart, until they are struck', async () => {
    const failed: unknown[] = [];
    const proven = keepProven(store.db, (error) => failed.push(error));
    const sandbox = createSandbox({
      loadModule: loaderOf(touchy),
      processes: 1,
      slowProcesses: 1,
      proven: await loadProven(store.db),
      onProven: (module) => proven.proved(module),
      onStrike: ({ module }) => proven.struck(module),
    });
    const known = async () => {
      await proven.settled();
      return loadProven(store.db);
    };
    await sandbox.warm([touchy.sha256]);
    for (let runs = 1; runs < sandboxLimits.provenRuns; runs++) await sandbox.run(runOf(touchy));
    expect(await known()).toEqual([]);
    await sandbox.run(runOf(touchy));
    expect(await known()).toEqual([touchy.sha256]);
    await sandbox.run(runOf(touchy, 'too long an input'));
    expect(await known()).toEqual([]);
    await sandbox.close();
    expect(failed).toEqual([]);
  });
});

async function install({ db }: Store, group_id: GroupId, installation_id: ReturnType<typeof newId<'installation'>>) {
  await db
    .insertInto('installations')
    .values({
      group_id,
      installation_id,
      plugin_id: 'acme/touchy',
      version: '1.0.0',
      module_sha256: touchy.sha256,
      package_sha256: '0'.repeat(64),
      manifest: '{}',
      integration_type: null,
      environment: 'production',
      state: 'enabled',
      configuration: '{}',
      consent_digest: '',
      installed_by: 'user:ann',
    })
    .execute();
}
