import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { echoPlugin, openTestDoor, trigger, type TestDoor } from './test-door.ts';

eachDatabase('more than can be kept', (newDatabase) => {
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

  it('is refused with 503 and Retry-After while too many of a group wait, and what needs no wait passes', async () => {
    const integration = await door.addIntegration({
      plugin: (input) => {
        if ('text' in input.request.body && input.request.body.text.includes('broken')) throw new Error('broken');
        return echoPlugin(input);
      },
    });
    const neighbour = await door.addIntegration({
      plugin: () => {
        throw new Error('broken');
      },
    });
    const { groupId, integrationId } = integration;
    const post = (body: unknown) => door.post(integration, body);
    await sql`
      insert into requests (group_id, request_id, integration_id, received_order, received_at, state, status, method,
        headers, query, content_type, body, remote_address, duration_micros, next_attempt_at)
      select ${groupId}, 'req_' || n, ${integrationId}, n, now(), 'pending', 202, 'POST', '{}', '{}', '', '', '', 0,
        now() + interval '1 day'
      from generate_series(1, ${ingestLimits.pendingPerGroup}::int) n`.execute(store.db);
    // Counted again every second.
    await expect.poll(async () => (await post(trigger('broken'))).status, { timeout: 60_000 }).toBe(503);
    const full = await post(trigger('broken'));
    expect([full.status, full.headers.get('retry-after')]).toEqual([503, '60']);
    expect(await full.json()).toMatchObject({ error: { code: 'PENDING_FULL' } });
    expect((await post(trigger('fine'))).status).toBe(202);
    expect((await door.post(neighbour, trigger('other group'))).status).toBe(202);
    await store.db.deleteFrom('requests').where('group_id', '=', groupId).where('state', '=', 'pending').execute();
    await expect.poll(async () => (await post(trigger('broken'))).status, { timeout: 60_000 }).toBe(202);
  });

  it('is refused with 503 and Retry-After while too much waits to be stored, and the rest is stored', async () => {
    const narrow = await openTestDoor(store, { queueBytes: 1024 * 1024 });
    onTestFinished(() => narrow.close());
    const integration = await narrow.addIntegration({ plugin: () => ({ outcome: 'ignored', reason: 'Large.' }) });
    const large = { pad: 'x'.repeat(256 * 1024) };
    expect((await narrow.take(integration, {})).status).toBe(202);
    // All of one turn of the loop: the writer begins on the next.
    const answers = await Promise.all(Array.from({ length: 40 }, () => narrow.take(integration, large)));
    const refused = answers.filter(({ status }) => status === 503);
    for (const { retryAfterSeconds, body } of refused) {
      expect(retryAfterSeconds).toBeGreaterThan(0);
      expect(JSON.parse(body)).toMatchObject({ error: { code: 'DATABASE_UNAVAILABLE' } });
    }
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([202, 503]));
    const { count } = await store.db
      .selectFrom('requests')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('group_id', '=', integration.groupId)
      .executeTakeFirstOrThrow();
    expect(count).toBe(1 + statuses.filter((status) => status === 202).length);
    expect((await narrow.take(integration, {})).status).toBe(202);
  });
});
