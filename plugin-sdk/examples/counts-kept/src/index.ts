import {
  defineIntegration,
  delivered,
  PatchbayError,
  type Log,
  type Store,
  type StoredValue,
  type WriteCondition,
} from '@patchbay/plugin-sdk';

export default defineIntegration({
  async deliver({ incident }, { store, log }) {
    const first = await counted(store, `count/${incident.source}`, log);
    const second = await counted(store, `count/${incident.source}`, log);
    const keys = await store.list('count/');
    await store.delete(`count/${incident.source}`);
    return delivered({ note: `${first}, ${second}; ${keys.length} kept` });
  },
});

/** Counts on, unless another delivery counts at the same moment: then once more. */
async function counted(store: Store, key: string, log: Log): Promise<number> {
  for (;;) {
    const before: StoredValue | undefined = await store.read(key);
    const count = Number(before?.value ?? 0) + 1;
    const condition: WriteCondition = { ifVersion: before?.version ?? 0 };
    try {
      await store.set(key, count, condition);
      return count;
    } catch (error) {
      if (!(error instanceof PatchbayError && error.code === 'CONFLICT')) throw error;
      log.info('Somebody else counted', { key });
    }
  }
}
