import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { ingestLimits, sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Integration, RequestDetail } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { eachDatabase } from '../../../test/support/databases.ts';
import { echoPlugin, trigger } from '../ingest/test-door.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestManagement, type TestManagement } from './test-management.ts';

type Problem = { error: { code: string; message: string; requestId: string; details?: { path: string }[] } };

const bodySchema = { type: 'object', required: ['team'], properties: { team: { enum: ['checkout', 'search'] } } };
const fitting = { ...trigger('fits'), team: 'search' };

eachDatabase('a schema of the operator’s own', (newDatabase) => {
  let store: Store;
  let management: TestManagement;
  let plugin: 'works' | 'fails' | 'is slow' = 'works';
  let calls = 0;

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    management = await openTestManagement(store, {
      plugin: async (input) => {
        calls += 1;
        if (plugin === 'fails') throw new Error('not now');
        if (plugin === 'is slow') await sleep(sandboxLimits.syncBudgetMs + 100);
        return echoPlugin(input);
      },
    });
  });
  beforeEach(() => {
    plugin = 'works';
    calls = 0;
  });
  afterAll(async () => {
    await management.close();
    await store.close();
  });

  const patch = <T = Integration>(integration: Integration, input: object) =>
    management.call<T>('PATCH', `/api/integrations/${integration.id}`, input);
  const read = async (id: string) => (await management.call<RequestDetail>('GET', `/api/requests/${id}`)).body;
  const replay = async (id: string) =>
    (await management.call<RequestDetail>('POST', `/api/requests/${id}/replay`)).body;

  it('refuses what does not fit with the paths, records it, and keeps it from the plugin', async () => {
    const integration = await management.create({ bodySchema });
    expect(integration.bodySchema).toEqual(bodySchema);
    expect((await management.send(integration, fitting)).status).toBe(202);
    expect(calls).toBe(1);
    const wrong = await management.send(integration, { ...fitting, team: 'sales' });
    const { error } = (await wrong.json()) as Problem;
    expect([wrong.status, error.code]).toEqual([400, 'PAYLOAD_INVALID']);
    expect(error.details).toMatchObject([{ path: 'team' }]);
    expect(await read(error.requestId)).toMatchObject({
      state: 'invalid',
      status: 400,
      reason: 'The body does not fit the schema of this integration.',
      issues: [{ path: 'team' }],
    });
    expect((await management.send(integration, 'team=search')).status).toBe(400);
    expect(calls).toBe(1);
  });

  it('holds for what is tried again and for what is run again', async () => {
    const integration = await management.create();
    plugin = 'fails';
    const { requestId } = (await (await management.send(integration, trigger('later'))).json()) as {
      requestId: string;
    };
    plugin = 'works';
    expect((await read(requestId)).state).toBe('pending');
    await patch(integration, { bodySchema });
    expect(await replay(requestId)).toMatchObject({ id: requestId, state: 'invalid', issues: [{ path: '' }] });
    await patch(integration, { bodySchema: null });
    expect(await replay(requestId)).toMatchObject({ id: requestId, state: 'accepted' });
    await patch(integration, { bodySchema });
    expect((await replay(requestId)).id).not.toBe(requestId);
  });

  it('holds for what waits for its next attempt', async () => {
    const integration = await management.create();
    plugin = 'fails';
    const { requestId } = (await (await management.send(integration, trigger('due'))).json()) as { requestId: string };
    await patch(integration, { bodySchema });
    plugin = 'works';
    await store.db
      .updateTable('requests')
      .set({ next_attempt_at: new Date(0) })
      .where('group_id', '=', management.groupId)
      .where('request_id', '=', requestId as never)
      .execute();
    await vi.waitFor(async () => expect((await read(requestId)).state).toBe('invalid'), { timeout: 30_000 });
  });

  it('is asked before a plugin that is slow', async () => {
    const integration = await management.create({ bodySchema });
    plugin = 'is slow';
    expect((await management.send(integration, { team: 'sales' })).status).toBe(400);
    const { requestId } = (await (await management.send(integration, { ...fitting, ping: 1 })).json()) as {
      requestId: string;
    };
    await vi.waitFor(async () => expect((await read(requestId)).state).toBe('ignored'), { timeout: 30_000 });
  });

  it('is refused when it cannot be run, with the places', async () => {
    const input = (schema: object) => ({ type: 'test', name: 'T', bodySchema: schema });
    const post = (schema: object) => management.call<Problem>('POST', '/api/integrations', input(schema));
    const { status, body } = await post({ properties: { team: { pattern: '(a+)+$' } } });
    expect([status, body.error.details?.map(({ path }) => path)]).toEqual([
      400,
      ['bodySchema.properties.team.pattern'],
    ]);
    expect((await post({ description: 'x'.repeat(ingestLimits.schemaBytes) })).status).toBe(400);
    const integration = await management.create();
    expect((await patch(integration, { bodySchema: { $ref: 'https://example.com' } })).status).toBe(400);
  });
});
