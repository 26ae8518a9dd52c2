import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { storedIncidents, storedRequests } from './test-rows.ts';
import { echoPlugin, openTestDoor, resolve, trigger, type TestDoor, type TestIntegration } from './test-door.ts';

eachDatabase('a request that its plugin has not understood yet', (newDatabase) => {
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

  const requestsOf = ({ groupId }: TestIntegration) => storedRequests(store.db, groupId);
  const incidentsOf = ({ groupId }: TestIntegration) => storedIncidents(store.db, groupId);

  it('keeps the request of a plugin that throws, loops or returns nonsense, and answers 202', async () => {
    const broken = {
      throws: () => {
        throw new Error('author mistake');
      },
      nonsense: () => ({ outcome: 'events', events: [{ hello: 1 }] }) as never,
      asks: () =>
        ({ status: 'open', asks: [], waitingFor: [0], logs: [], usage: { cpuMicros: 1, memoryBytes: 1 } }) as never,
    };
    const codes: Record<string, unknown> = {};
    for (const [name, plugin] of Object.entries(broken)) {
      const integration = await door.addIntegration({ plugin });
      expect((await door.post(integration, trigger('x'))).status).toBe(202);
      const [request] = await requestsOf(integration);
      codes[name] = [request!.state, request!.code, request!.attempts];
    }
    expect(codes).toEqual({
      throws: ['pending', 'PLUGIN_ERROR', 1],
      nonsense: ['pending', 'OUTPUT_INVALID', 1],
      asks: ['pending', 'PERMISSION_DENIED', 1],
    });
  });

  it('answers a slow plugin’s sender in time and uses the late result', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const integration = await door.addIntegration({
      plugin: async (input) => {
        await gate;
        return echoPlugin(input);
      },
    });
    const response = await door.post(integration, trigger('slow'));
    expect([response.status, await response.json()]).toMatchObject([202, { events: 0, pending: true }]);
    expect((await requestsOf(integration))[0]).toMatchObject({ state: 'pending', event_count: 0 });
    finish();
    await vi.waitFor(async () => {
      expect((await requestsOf(integration))[0]).toMatchObject({ state: 'accepted', event_count: 1, claim_id: null });
    });
    expect(await incidentsOf(integration)).toHaveLength(1);
  });

  it('counts the time of a plugin from when its run is handed to a process', async () => {
    let dispatch = true;
    const queue: Sandbox = {
      run: async (_request, onDispatched) => {
        await sleep(3 * sandboxLimits.syncBudgetMs);
        if (dispatch) onDispatched?.();
        else await sleep(sandboxLimits.dispatchBudgetMs);
        return { status: 'done', output, asks: [], logs: [], usage: { cpuMicros: 1, memoryBytes: 1 } };
      },
      close: () => Promise.resolve(),
    };
    const output = JSON.stringify({ abi: 1, result: { outcome: 'events', events: [trigger('queued')] } });
    const busy = await openTestDoor(store, { sandbox: queue });
    onTestFinished(() => busy.close());
    const integration = await busy.addIntegration();
    expect(await (await busy.post(integration, {})).json()).toMatchObject({ events: 1 });
    dispatch = false;
    expect(await (await busy.post(integration, {})).json()).toMatchObject({ pending: true });
  });

  it('drops a late result when the request was taken over', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    let calls = 0;
    let ended = 0;
    const integration = await door.addIntegration({
      plugin: async (input) => {
        calls += 1;
        if (calls === 1) await gate;
        ended += 1;
        return echoPlugin(input);
      },
    });
    await door.post(integration, trigger('taken over'));
    await store.db
      .updateTable('requests')
      .set({ next_attempt_at: new Date(0), claimed_until: new Date(0) })
      .where('group_id', '=', integration.groupId)
      .execute();
    const one = { state: 'accepted', event_count: 1 };
    await vi.waitFor(async () => expect((await requestsOf(integration))[0]).toMatchObject(one), 10_000);
    finish();
    await vi.waitFor(() => expect(ended).toBe(2));
    // What comes behind the late result in the writer's queue is written after it.
    await door.post(integration, trigger('afterwards'));
    expect(await requestsOf(integration)).toMatchObject([one, one]);
    expect((await incidentsOf(integration)).map((incident) => incident.event_count)).toEqual([1, 1]);
  });

  it('tries a request again whose plugin failed, until it succeeds', async () => {
    let fail = true;
    const integration = await door.addIntegration({
      plugin: (input) => {
        if (fail) throw new Error('not yet');
        return echoPlugin(input);
      },
    });
    await door.post(integration, trigger('again'));
    fail = false;
    await store.db
      .updateTable('requests')
      .set({ next_attempt_at: new Date(0) })
      .where('group_id', '=', integration.groupId)
      .execute();
    await vi.waitFor(
      async () => expect((await requestsOf(integration))[0]).toMatchObject({ state: 'accepted', attempts: 2 }),
      5_000,
    );
    expect((await incidentsOf(integration)).map((incident) => incident.status)).toEqual(['open']);
  });

  it('opens nothing for a trigger that is processed after the resolve that followed it', async () => {
    let fail = true;
    const integration = await door.addIntegration({
      plugin: (input) => {
        if (fail) throw new Error('not yet');
        return echoPlugin(input);
      },
    });
    await door.post(integration, trigger('late'));
    fail = false;
    await door.post(integration, resolve('late'));
    const [pending] = await requestsOf(integration);
    expect(pending!.state).toBe('pending');
    expect(await door.ingest.replay(integration.groupId, pending!.request_id)).toBe(true);
    expect((await requestsOf(integration))[0]).toMatchObject({ state: 'accepted' });
    expect(await incidentsOf(integration)).toEqual([]);
    const events = await store.db
      .selectFrom('events')
      .select(['action', 'effect'])
      .where('group_id', '=', integration.groupId)
      .orderBy('received_order')
      .execute();
    expect(events).toEqual([
      { action: 'trigger', effect: 'late' },
      { action: 'resolve', effect: 'unmatched' },
    ]);
  });

  it('puts a request aside after the last attempt, and a person can have it replayed', async () => {
    let fail = true;
    const integration = await door.addIntegration({
      plugin: (input) => {
        if (fail) throw new Error('for ever');
        return echoPlugin(input);
      },
    });
    await door.post(integration, trigger('dead'));
    await store.db.updateTable('requests').set({ attempts: 7 }).where('group_id', '=', integration.groupId).execute();
    const [request] = await requestsOf(integration);
    await door.ingest.replay(integration.groupId, request!.request_id);
    expect((await requestsOf(integration))[0]).toMatchObject({ state: 'dead', code: 'PLUGIN_ERROR', attempts: 8 });
    fail = false;
    await door.ingest.replay(integration.groupId, request!.request_id);
    expect((await requestsOf(integration))[0]).toMatchObject({ state: 'accepted', event_count: 1 });
    expect(await incidentsOf(integration)).toHaveLength(1);
  });
});
