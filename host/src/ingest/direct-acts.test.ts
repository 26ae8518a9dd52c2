import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestDoor, trigger, type TestDoor, type TestIntegration } from './test-door.ts';

eachDatabase('acts of people from elsewhere', (newDatabase) => {
  let store: Store;
  let door: TestDoor;

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    door = await openTestDoor(store);
  });
  afterAll(async () => {
    await door.close();
    await store.close();
  });

  const act = (event_action: 'acknowledge' | 'resolve', dedup_key: string): EventPayload => ({
    event_action,
    dedup_key,
    actor: 'Jane (Chat)',
  });
  const chat = async (
    groupId: TestIntegration['groupId'] | undefined,
    actsForPeople = true,
    environment: Environment = 'production',
  ) =>
    door.addIntegration({
      environment,
      ...(groupId === undefined ? {} : { groupId }),
      manifest: { integrationType: 'chat', actsForPeople },
    });
  const incidents = (groupId: TestIntegration['groupId']) =>
    store.db
      .selectFrom('incidents')
      .select(['incident_id', 'type', 'dedup_key', 'status'])
      .where('group_id', '=', groupId)
      .orderBy('incident_id')
      .execute();
  const actors = (groupId: TestIntegration['groupId']) =>
    store.db
      .selectFrom('events')
      .select(['action', 'actor', 'effect'])
      .where('group_id', '=', groupId)
      .where('actor', 'is not', null)
      .orderBy('received_order')
      .execute();

  it('do not reach into another environment, by key or by id', async () => {
    const source = await door.addIntegration();
    const buttons = await chat(source.groupId, true, 'staging');
    await door.post(source, trigger('apart'));
    const [opened] = await incidents(source.groupId);
    await door.post(buttons, act('resolve', 'apart'));
    await door.post(buttons, act('resolve', opened?.incident_id ?? ''));
    expect(await incidents(source.groupId)).toMatchObject([{ status: 'open' }]);
    expect(await actors(source.groupId)).toMatchObject([{ effect: 'unmatched' }, { effect: 'unmatched' }]);
  });

  it('reach the incident of another integration and service, by its key and by its id, and say who it was', async () => {
    const source = await door.addIntegration();
    const buttons = await chat(source.groupId);
    await door.post(source, trigger('disk'));
    await door.post(buttons, act('acknowledge', 'disk'));
    const [opened] = await incidents(source.groupId);
    expect(opened).toMatchObject({ type: 'test', status: 'acknowledged' });
    await door.post(buttons, act('resolve', opened?.incident_id ?? ''));
    expect(await incidents(source.groupId)).toMatchObject([{ status: 'resolved' }]);
    expect(await actors(source.groupId)).toMatchObject([
      { action: 'acknowledge', actor: 'Jane (Chat)', effect: 'acknowledged' },
      { action: 'resolve', actor: 'Jane (Chat)', effect: 'resolved' },
    ]);
  });

  it('mean the incident that is open, of several with one key', async () => {
    const source = await door.addIntegration();
    const other = await door.addIntegration({ groupId: source.groupId, manifest: { integrationType: 'other' } });
    const buttons = await chat(source.groupId);
    await door.post(source, trigger('cpu'));
    await door.post(other, trigger('cpu'));
    await door.post(buttons, act('resolve', 'cpu'));
    expect((await incidents(source.groupId)).map(({ status }) => status)).toEqual(['open', 'resolved']);
    await door.post(buttons, act('resolve', 'cpu'));
    expect((await incidents(source.groupId)).map(({ status }) => status)).toEqual(['resolved', 'resolved']);
  });

  it('reach nothing of another group, and nothing that does not exist', async () => {
    const source = await door.addIntegration();
    const stranger = await chat(undefined);
    await door.post(source, trigger('mail'));
    const [incident] = await incidents(source.groupId);
    await door.post(stranger, act('resolve', 'mail'));
    await door.post(stranger, act('resolve', incident?.incident_id ?? ''));
    expect(await incidents(source.groupId)).toMatchObject([{ status: 'open' }]);
    expect(await incidents(stranger.groupId)).toEqual([]);
  });

  it('stay within their own type when the plugin does not declare that it acts for people', async () => {
    const source = await door.addIntegration();
    const plain = await chat(source.groupId, false);
    await door.post(source, trigger('net'));
    await door.post(plain, act('resolve', 'net'));
    expect(await incidents(source.groupId)).toMatchObject([{ status: 'open' }]);
    expect(await actors(source.groupId)).toEqual([]);
  });
});
