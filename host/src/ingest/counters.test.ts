import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { echoPlugin, openTestDoor, trigger, type TestDoor, type TestIntegration } from './test-door.ts';
import { writeBatch } from './write-batch.ts';
import type { Origin, WriteEntry } from './write-entry.ts';

const HOUR_MS = 60 * 60 * 1000;
const NINE = Date.parse('2026-03-02T09:00:00Z');
/** Until when nobody else takes a pending request over. */
const FAR = Date.now() + 10 * HOUR_MS;
const NONE = new Map();

eachDatabase('counts of an integration', (newDatabase) => {
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

  const hoursOf = async ({ groupId, integrationId }: TestIntegration) => {
    const rows = await store.db
      .selectFrom('integration_hours')
      .selectAll()
      .where('group_id', '=', groupId)
      .where('integration_id', '=', integrationId)
      .orderBy('hour')
      .execute();
    return rows.map(({ group_id: _group, integration_id: _integration, ...row }) => row);
  };
  /** All hours together, so that a test may run over the end of one. */
  const sumsOf = async ({ groupId, integrationId }: TestIntegration) => {
    const { rows } = await sql<Record<string, number>>`
      select sum(received)::int as received, sum(accepted)::int as accepted, sum(invalid)::int as invalid,
        sum(refused)::int as refused, sum(plugin_errors)::int as plugin_errors, sum(turned_away)::int as turned_away
      from integration_hours where group_id = ${groupId} and integration_id = ${integrationId}`.execute(store.db);
    return rows[0];
  };
  const totalsOf = ({ groupId, integrationId }: TestIntegration) =>
    store.db
      .selectFrom('integration_counters')
      .select(['received', 'accepted', 'refused', 'turned_away'])
      .where('group_id', '=', groupId)
      .where('integration_id', '=', integrationId)
      .executeTakeFirst();

  const received = (
    { groupId, integrationId }: TestIntegration,
    at: number,
    from: Origin,
    verdict: Partial<WriteEntry['verdict']> = {},
  ): WriteEntry & { kind: 'receive' } => ({
    kind: 'receive',
    from,
    delivery: null,
    request: {
      groupId,
      requestId: newId('request'),
      integrationId,
      order: at * 1000,
      method: 'POST',
      headers: '{}',
      query: '{}',
      contentType: '',
      body: Buffer.alloc(0),
      remoteAddress: '192.0.2.1',
      pluginId: null,
      pluginVersion: null,
    },
    verdict: {
      state: 'accepted',
      status: 202,
      code: null,
      reason: null,
      issues: null,
      logs: null,
      durationMicros: 1500,
      attempts: 1,
      nextAttemptAt: null,
      claim: null,
      ...verdict,
    },
    events: [],
  });
  const finished = (
    { request, verdict }: WriteEntry & { kind: 'receive' },
    claimId: string,
    state: 'accepted' | 'dead',
  ): WriteEntry => ({
    kind: 'finish',
    request,
    claimId,
    plugin: { id: 'p', version: '1.0.0' },
    verdict: { ...verdict, state, code: state === 'dead' ? 'PLUGIN_ERROR' : null, durationMicros: 0, claim: null },
    events: [],
  });

  it('tell senders from strangers, whatever those do', async () => {
    let fail = false;
    const integration = await door.addIntegration({
      ratePerMinute: 4,
      plugin: (input) => {
        if (fail) throw new Error('not now');
        return echoPlugin(input);
      },
    });
    const stranger = { ...integration, key: 'pbk_wrong' };
    // More than are recorded, so that some are counted on the other path.
    for (let n = 0; n < 25; n++) await door.post(stranger, trigger('x'));
    await door.post(integration, trigger('x'));
    await door.post(integration, { ping: 1 });
    await door.post(integration, 'not json');
    fail = true;
    await door.post(integration, trigger('x'));
    expect((await door.post(integration, trigger('x'))).status).toBe(429);
    await vi.waitFor(async () => {
      expect(await sumsOf(integration)).toEqual({
        received: 5,
        accepted: 2,
        invalid: 1,
        refused: 1,
        plugin_errors: 1,
        turned_away: 25,
      });
    }, 10_000);
    expect(await totalsOf(integration)).toEqual({ received: 30, accepted: 2, refused: 27, turned_away: 25 });
  });

  it('do not take what an operator sends for a sign of life of the sender', async () => {
    const integration = await door.addIntegration();
    const answer = await door.ingest.receive(
      {
        type: integration.type,
        method: 'POST',
        url: integration.path,
        headers: { 'content-type': 'application/json' },
        query: { integrationId: integration.integrationId },
        body: Buffer.from(JSON.stringify(trigger('test'))),
        address: '192.0.2.1',
      },
      'operator',
    );
    expect(answer.status).toBe(202);
    expect(await hoursOf(integration)).toMatchObject([{ received: 1, accepted: 1, first_at: null, last_at: null }]);
  });

  it('stand in the hour in which a request came, with the longest wait within it', async () => {
    const integration = await door.addIntegration();
    const late = received(integration, NINE + 2 * 60_000, 'sender', {
      state: 'pending',
      nextAttemptAt: FAR,
      claim: { id: 'first', until: FAR },
      attempts: 0,
    });
    await writeBatch(store.db, [received(integration, NINE + 60_000, 'sender'), late], NONE, '');
    await writeBatch(store.db, [received(integration, NINE + 30 * 60_000, 'sender')], NONE, '');
    await writeBatch(store.db, [received(integration, NINE + 50 * 60_000, 'operator')], NONE, '');
    await writeBatch(store.db, [received(integration, NINE + 35 * 60_000, 'sender')], NONE, '');
    await writeBatch(store.db, [received(integration, NINE + HOUR_MS, 'sender', { state: 'invalid' })], NONE, '');
    await writeBatch(store.db, [finished(late, 'first', 'accepted')], NONE, '');
    expect(await hoursOf(integration)).toEqual([
      {
        hour: new Date(NINE),
        received: 5,
        accepted: 5,
        invalid: 0,
        refused: 0,
        plugin_errors: 0,
        turned_away: 0,
        duration_micros: 7500,
        first_at: new Date(NINE + 60_000),
        last_at: new Date(NINE + 35 * 60_000),
        longest_gap_ms: 28 * 60_000,
      },
      {
        hour: new Date(NINE + HOUR_MS),
        received: 1,
        accepted: 0,
        invalid: 1,
        refused: 0,
        plugin_errors: 0,
        turned_away: 0,
        duration_micros: 1500,
        first_at: new Date(NINE + HOUR_MS),
        last_at: new Date(NINE + HOUR_MS),
        longest_gap_ms: 0,
      },
    ]);
  });

  it('leave out a result that was dropped, because another had the request', async () => {
    const integration = await door.addIntegration();
    const pending = received(integration, NINE, 'sender', {
      state: 'pending',
      nextAttemptAt: FAR,
      claim: { id: 'new', until: FAR },
      attempts: 0,
    });
    await writeBatch(store.db, [pending], NONE, '');
    await writeBatch(store.db, [finished(pending, 'old', 'accepted')], NONE, '');
    expect(await totalsOf(integration)).toMatchObject({ received: 1, accepted: 0 });
    await writeBatch(store.db, [finished(pending, 'new', 'accepted')], NONE, '');
    expect(await totalsOf(integration)).toMatchObject({ received: 1, accepted: 1 });
  });

  it('of refusals survive a batch that fails beside them', async () => {
    const broken = await openTestDoor(store);
    onTestFinished(() => broken.close());
    const integration = await broken.addIntegration();
    const stranger = { ...integration, key: 'pbk_wrong' };
    for (let n = 0; n < 22; n++) await broken.post(stranger, {});
    // The next number of an incident does not fit its column any more, so that its event cannot be stored.
    await sql`update groups set next_incident_number = 9223372036854775807 where group_id = ${integration.groupId}`.execute(
      store.db,
    );
    await broken.post(integration, trigger('unstorable'));
    await vi.waitFor(async () => {
      expect(await sumsOf(integration)).toMatchObject({ received: 1, accepted: 0, turned_away: 22 });
    }, 10_000);
    const { rows } = await sql<{ state: string }>`
      select state from requests where group_id = ${integration.groupId} and state <> 'refused'`.execute(store.db);
    expect(rows).toEqual([{ state: 'dead' }]);
  });
});
