import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { AskAnswer, StoreAsk } from '@patchbay/plugin-sdk/contract/journal';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import { performStore as performInMemory, type MemoryStore } from '@patchbay/plugin-sdk/testing/memory-store';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { transact } from '../store/transact.ts';
import { performStore } from './plugin-store.ts';

const BYTES = 200;

eachDatabase('the store of an installation', (newDatabase) => {
  let store: Store;
  const groupId = newId('group');

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    await store.db.insertInto('groups').values({ group_id: groupId, name: 'G' }).execute();
  });
  afterAll(() => store.close());

  async function newInstallation(): Promise<InstallationId> {
    const installationId = newId('installation');
    await store.db
      .insertInto('installations')
      .values({
        group_id: groupId,
        installation_id: installationId,
        plugin_id: 'acme/store',
        version: '1.0.0',
        module_sha256: '',
        package_sha256: '',
        manifest: '{}',
        integration_type: null,
        environment: 'production',
        state: 'enabled',
        configuration: '{}',
        consent_digest: '',
        installed_by: 'test',
      })
      .execute();
    return installationId;
  }
  async function opened(bytes = BYTES) {
    const context = { groupId, installationId: await newInstallation(), bytes };
    return (ask: StoreAsk) => transact(store.db, (trx) => performStore(trx, context, ask));
  }
  /** Messages are for people; what a plugin goes by is the code. */
  const said = (answer: AskAnswer) => ('ok' in answer ? answer : { error: answer.error.code });

  it('gives a version to every write, and refuses what was meant for another', async () => {
    const perform = await opened();
    const set = (value: unknown, ifVersion: number | null) => perform({ op: 'set', key: 'k', value, ifVersion });
    const remove = (ifVersion: number | null) => perform({ op: 'delete', key: 'k', ifVersion });
    expect(said(await set('a', 1))).toEqual({ error: 'CONFLICT' });
    expect(said(await set('a', 0))).toEqual({ ok: { version: 1 } });
    expect(said(await set('b', 0))).toEqual({ error: 'CONFLICT' });
    expect(said(await set({ b: [1, null] }, 1))).toEqual({ ok: { version: 2 } });
    expect(said(await perform({ op: 'get', key: 'k' }))).toEqual({ ok: { value: { b: [1, null] }, version: 2 } });
    expect(said(await remove(0))).toEqual({ error: 'CONFLICT' });
    expect(said(await remove(1))).toEqual({ error: 'CONFLICT' });
    expect(said(await remove(2))).toEqual({ ok: { version: 0 } });
    expect(said(await remove(0))).toEqual({ ok: { version: 0 } });
    expect(said(await remove(2))).toEqual({ error: 'CONFLICT' });
    expect(said(await perform({ op: 'get', key: 'k' }))).toEqual({ ok: { value: null, version: 0 } });
  });

  it('is full at its bytes, keys among them, and takes what replaces', async () => {
    const perform = await opened(20);
    const set = (key: string, value: string) => perform({ op: 'set', key, value, ifVersion: null });
    expect(said(await set('a', '123456789012345'))).toEqual({ ok: { version: 1 } });
    expect(said(await set('b', ''))).toEqual({ error: 'STORE_FULL' });
    expect(said(await set('a', '1234567890123456789'))).toEqual({ error: 'STORE_FULL' });
    expect(said(await set('a', '1'))).toEqual({ ok: { version: 2 } });
    expect(said(await set('b', ''))).toEqual({ ok: { version: 1 } });
    expect(said(await set('c', 'x'.repeat(sandboxLimits.storeValueBytes)))).toEqual({ error: 'STORE_VALUE_TOO_LARGE' });
  });

  it('lists its keys in pages, in one order everywhere', async () => {
    const perform = await opened(sandboxLimits.storeBytes);
    const keys = ['B', 'a', 'b', 'ä', '\u{ffee}', '\u{1f600}'];
    for (let number = 0; number < sandboxLimits.storeListKeys; number++) keys.push(`page-${1000 + number}`);
    for (const key of keys) await perform({ op: 'set', key, value: 1, ifVersion: null });
    const list = async (prefix: string, after: string | null) => {
      const answer = await perform({ op: 'list', prefix, after });
      return 'ok' in answer ? (answer.ok as { keys: string[] }).keys : [];
    };
    const first = await list('', null);
    expect(first).toHaveLength(sandboxLimits.storeListKeys);
    const rest = await list('', first.at(-1) ?? '');
    expect([...first, ...rest]).toEqual(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(await list('page-10', 'page-1097')).toEqual(['page-1098', 'page-1099']);
    expect(await list('%', null)).toEqual([]);
  });

  const key = fc.constantFrom('a', 'B', 'ä', 'b:1', 'b:2', '\u{1f600}');
  const ifVersion = fc.option(fc.nat(3));
  const anyAsk: fc.Arbitrary<StoreAsk> = fc.oneof(
    fc.record({ op: fc.constant('get' as const), key }),
    fc.record({
      op: fc.constant('set' as const),
      key,
      value: fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('x'.repeat(90), 'y'.repeat(150))),
      ifVersion,
    }),
    fc.record({ op: fc.constant('delete' as const), key, ifVersion }),
    fc.record({ op: fc.constant('list' as const), prefix: fc.constantFrom('', 'b', 'b:'), after: fc.option(key) }),
  );

  it('answers as the one that authors test against', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAsk, { maxLength: 20 }), async (program) => {
        const perform = await opened();
        const memory: MemoryStore = new Map();
        for (const ask of program) expect(said(await perform(ask))).toEqual(said(performInMemory(ask, memory, BYTES)));
      }),
      { numRuns: 40 },
    );
  });
});
