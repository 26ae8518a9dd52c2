import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { prepareFirstStart } from './first-start.ts';
import { findTokenOwner } from './tokens.ts';

eachDatabase('the token of the environment', (newDatabase) => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore(await newDatabase());
  });
  afterAll(() => store.close());

  const role = async (token: string) => (await findTokenOwner(store.db, token))?.role;
  const audited = () =>
    store.db.selectFrom('audit_log').select(['target', 'details']).where('action', '=', 'token.create').execute();

  it('is made once, however often and however many hosts start with it', async () => {
    await prepareFirstStart(store.db, 'the-first-value-of-all');
    await Promise.all([1, 2, 3].map(() => prepareFirstStart(store.db, 'the-first-value-of-all')));
    expect(await role('the-first-value-of-all')).toBe('owner');
    expect(await audited()).toHaveLength(1);
  });

  it('takes the place of the former one when the value changes, and the audit log says so', async () => {
    await prepareFirstStart(store.db, 'another-value-instead');
    expect(await role('another-value-instead')).toBe('owner');
    expect(await role('the-first-value-of-all')).toBeUndefined();
    const [first, second] = await audited();
    expect(second?.details).toMatchObject({ replaces: [first?.target] });
  });

  it('does not come back once it has ended', async () => {
    await prepareFirstStart(store.db, 'the-first-value-of-all');
    expect(await role('the-first-value-of-all')).toBeUndefined();
    expect(await role('another-value-instead')).toBe('owner');
  });
});
