import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type GroupId, type IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import { healthSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openTestDoor, type TestDoor, type TestIntegration } from '../ingest/test-door.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { readHealth } from './health.ts';
import { readHistory } from './history.ts';

const HOUR_MS = 60 * 60 * 1000;
/** A quarter past ten. */
const NOW = Date.parse('2026-03-02T10:15:00Z');

eachDatabase('the health of integrations', (newDatabase) => {
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

  interface Numbers {
    received: number;
    accepted: number;
    invalid?: number;
    turned_away?: number;
    duration_micros?: number;
  }
  const hour = async ({ groupId, integrationId }: TestIntegration, hoursAgo: number, numbers: Numbers) =>
    store.db
      .insertInto('integration_hours')
      .values({
        group_id: groupId,
        integration_id: integrationId,
        hour: new Date((Math.floor(NOW / HOUR_MS) - hoursAgo) * HOUR_MS),
        ...numbers,
      })
      .execute();
  const totals = async (
    { groupId, integrationId }: TestIntegration,
    numbers: Pick<Numbers, 'received' | 'accepted' | 'turned_away' | 'duration_micros'>,
  ) =>
    store.db
      .insertInto('integration_counters')
      .values({
        group_id: groupId,
        integration_id: integrationId,
        refused: numbers.received - numbers.accepted,
        last_request_at: new Date(NOW),
        ...numbers,
      })
      .execute();
  const ofType = (type: string, groupId: GroupId) =>
    door.addIntegration({ groupId, manifest: { integrationType: type } });
  const newGroup = async () => {
    const groupId = newId('group');
    await store.db.insertInto('groups').values({ group_id: groupId, name: 'G' }).execute();
    return groupId;
  };
  const rename = (integration: TestIntegration, name: string, state: 'enabled' | 'disabled' = 'enabled') =>
    store.db
      .updateTable('integrations')
      .set({ name, state })
      .where('integration_id', '=', integration.integrationId)
      .execute();
  const installationOf = async ({ integrationId }: TestIntegration) => {
    const row = await store.db
      .selectFrom('integrations')
      .select('installation_id')
      .where('integration_id', '=', integrationId)
      .executeTakeFirstOrThrow();
    return row.installation_id;
  };
  const waiting = async (integration: TestIntegration, attempts: number) =>
    store.db
      .insertInto('requests')
      .values({
        group_id: integration.groupId,
        request_id: newId('request'),
        integration_id: integration.integrationId,
        received_order: NOW * 1000,
        received_at: new Date(NOW),
        state: 'pending',
        status: 202,
        method: 'POST',
        headers: '{}',
        query: '{}',
        content_type: '',
        body: new Uint8Array(),
        remote_address: '',
        duration_micros: 0,
        attempts,
        next_attempt_at: new Date('2999-01-01'),
      })
      .execute();
  const health = async (groupId: GroupId) => healthSchema.parse(await readHealth(store.db, groupId, NOW));

  it('is healthy where nothing is or came', async () => {
    const groupId = await newGroup();
    expect(await health(groupId)).toEqual({
      status: 'healthy',
      global: { totalReceived: 0, totalSuccess: 0, totalErrors: 0, successRate: 100, averageLatencyMs: 0 },
      byType: {},
      recent: {
        hours: 24,
        received: 0,
        success: 0,
        errors: 0,
        successRate: 100,
        averageLatencyMs: 0,
        turnedAway: 0,
      },
      integrations: [],
    });
  });

  it('has totals of all time by type in upper case, and the last day of each integration', async () => {
    const groupId = await newGroup();
    const github = await ofType('github', groupId);
    const first = await ofType('google-cloud-monitoring', groupId);
    const second = await ofType('second', groupId);
    await store.db
      .updateTable('integrations')
      .set({ type: first.type, installation_id: await installationOf(first) })
      .where('integration_id', '=', second.integrationId)
      .execute();
    await rename(github, 'B');
    await rename(first, 'C');
    await rename(second, 'A');
    // 1,500 received of which 7 were strangers; 45,150 ms in all.
    await totals(github, { received: 1507, accepted: 1475, turned_away: 7, duration_micros: 67_800_000 });
    await totals(first, { received: 20, accepted: 20, duration_micros: 1_046_000 });
    await totals(second, { received: 3, accepted: 3 });
    await hour(github, 0, { received: 3, accepted: 2, invalid: 1, turned_away: 900, duration_micros: 10_000 });
    await hour(github, 23, { received: 37, accepted: 37, duration_micros: 26_666 });
    await hour(github, 24, { received: 5000, accepted: 0 });
    await hour(second, 5, { received: 1, accepted: 1, duration_micros: 1234 });
    expect(await health(groupId)).toEqual({
      status: 'healthy',
      global: { totalReceived: 1523, totalSuccess: 1498, totalErrors: 25, successRate: 98.36, averageLatencyMs: 45.2 },
      byType: {
        GITHUB: {
          totalReceived: 1500,
          totalSuccess: 1475,
          totalErrors: 25,
          successRate: 98.33,
          averageLatencyMs: 45.2,
        },
        'GOOGLE-CLOUD-MONITORING': {
          totalReceived: 23,
          totalSuccess: 23,
          totalErrors: 0,
          successRate: 100,
          averageLatencyMs: 45.48,
        },
      },
      recent: {
        hours: 24,
        received: 41,
        success: 40,
        errors: 1,
        successRate: 97.56,
        averageLatencyMs: 0.92,
        turnedAway: 900,
      },
      integrations: [
        {
          id: second.integrationId,
          name: 'A',
          type: 'google-cloud-monitoring',
          status: 'healthy',
          received: 1,
          success: 1,
          errors: 0,
          successRate: 100,
          averageLatencyMs: 1.23,
          turnedAway: 0,
          alerts: [],
        },
        {
          id: github.integrationId,
          name: 'B',
          type: 'github',
          status: 'healthy',
          received: 40,
          success: 39,
          errors: 1,
          successRate: 97.5,
          averageLatencyMs: 0.92,
          turnedAway: 900,
          alerts: [],
        },
        {
          id: first.integrationId,
          name: 'C',
          type: 'google-cloud-monitoring',
          status: 'idle',
          received: 0,
          success: 0,
          errors: 0,
          successRate: 100,
          averageLatencyMs: 0,
          turnedAway: 0,
          alerts: [],
        },
      ],
    });
    expect(Object.keys((await health(groupId)).byType)).toEqual(['GITHUB', 'GOOGLE-CLOUD-MONITORING']);
  });

  it.each([
    [10_000, 9500, 'healthy'],
    [10_000, 9499, 'degraded'],
    [10_000, 8000, 'degraded'],
    [10_000, 7999, 'unhealthy'],
  ])('of %i requests with %i successes is what the thresholds say: %s', async (all, accepted, status) => {
    const integration = await door.addIntegration();
    await hour(integration, 0, { received: all, accepted });
    const { status: whole, integrations } = await health(integration.groupId);
    expect([whole, integrations[0]?.status]).toEqual([status, status]);
  });

  it('is not that of strangers, nor of an integration that is switched off; one that is ill shows', async () => {
    const groupId = await newGroup();
    const [good, ill, off] = await Promise.all([
      ofType('one', groupId),
      ofType('two', groupId),
      ofType('three', groupId),
    ]);
    await rename(good, 'good');
    await rename(ill, 'ill');
    await rename(off, 'off', 'disabled');
    await hour(good, 1, { received: 1000, accepted: 1000, turned_away: 1_000_000 });
    await hour(off, 1, { received: 5000, accepted: 0 });
    expect(await health(groupId)).toMatchObject({
      status: 'healthy',
      recent: { successRate: 100, turnedAway: 1_000_000 },
    });
    await hour(ill, 1, { received: 5, accepted: 0 });
    const { status, recent, integrations } = await health(groupId);
    expect([status, recent.successRate]).toEqual(['degraded', 99.5]);
    expect(integrations.map(({ name, status: own }) => [name, own])).toEqual([
      ['ill', 'unhealthy'],
      ['good', 'healthy'],
      ['off', 'paused'],
    ]);
  });

  it('counts what its plugin has failed on as an error while it waits, and what waits for the first time as neither', async () => {
    const integration = await door.addIntegration();
    await totals(integration, { received: 10, accepted: 8 });
    await hour(integration, 0, { received: 10, accepted: 8 });
    await waiting(integration, 0);
    await waiting(integration, 1);
    expect(await health(integration.groupId)).toMatchObject({
      global: { totalReceived: 10, totalSuccess: 8, totalErrors: 1, successRate: 88.89 },
      recent: { received: 10, success: 8, errors: 1, successRate: 88.89 },
    });
  });

  it('has a history of every hour, oldest first, of one integration', async () => {
    const integration = await door.addIntegration();
    const other = await ofType('other', integration.groupId);
    await hour(integration, 0, { received: 4, accepted: 2, invalid: 1, turned_away: 2, duration_micros: 8000 });
    await hour(integration, 2, { received: 7, accepted: 7, duration_micros: 7000 });
    await hour(integration, 3, { received: 9, accepted: 9 });
    await hour(other, 1, { received: 100, accepted: 0 });
    await waiting(integration, 0);
    const quiet = { received: 0, success: 0, errors: 0, invalid: 0, refused: 0, pluginErrors: 0, turnedAway: 0 };
    const history = (groupId: GroupId, id: IntegrationId) => readHistory(store.db, groupId, id, 3, NOW);
    expect(await history(integration.groupId, integration.integrationId)).toEqual({
      hours: [
        { hour: '2026-03-02T08:00:00.000Z', ...quiet, received: 7, success: 7, averageLatencyMs: 1 },
        { hour: '2026-03-02T09:00:00.000Z', ...quiet, averageLatencyMs: 0 },
        {
          hour: '2026-03-02T10:00:00.000Z',
          ...quiet,
          received: 4,
          success: 2,
          errors: 1,
          invalid: 1,
          turnedAway: 2,
          averageLatencyMs: 2,
        },
      ],
    });
    const theirs = await history(await newGroup(), integration.integrationId);
    expect(theirs.hours.map(({ received }) => received)).toEqual([0, 0, 0]);
  });
});
