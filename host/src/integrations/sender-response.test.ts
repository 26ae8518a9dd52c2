import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ingestLimits, sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Integration, RequestDetail, RequestSummary } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { eachDatabase } from '../../../test/support/databases.ts';
import { echoPlugin, trigger } from '../ingest/test-door.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestManagement, type TestManagement } from './test-management.ts';

type Problem = { error: { code: string; details?: { path: string }[] } };

eachDatabase('the answer that an operator has senders given', (newDatabase) => {
  let store: Store;
  let management: TestManagement;

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    management = await openTestManagement(store, {
      plugin: async (input) => {
        const text = 'text' in input.request.body ? input.request.body.text : '';
        if (text.includes('own answer')) {
          const answer = { status: 201, contentType: 'text/plain', body: 'challenge' } as const;
          return { outcome: 'ignored', reason: 'A challenge.', answer };
        }
        if (text.includes('slow')) await sleep(sandboxLimits.syncBudgetMs + 100);
        if (text.includes('broken')) throw new Error('not now');
        return echoPlugin(input);
      },
    });
  });
  afterAll(async () => {
    await management.close();
    await store.close();
  });

  const response = {
    status: 200,
    contentType: 'application/json',
    body: '{"ok":true}',
    headers: { 'x-request-id': 'patchbay', 'x-custom-team': 'on call' },
  };
  const logged = async (integration: Integration) => {
    const path = `/api/integrations/${integration.id}/requests`;
    const { body } = await management.call<{ items: RequestSummary[] }>('GET', path);
    return body.items.map(({ state, status }) => [state, status]);
  };

  it('is given for whatever is taken, and is what the log says', async () => {
    const integration = await management.create({ response });
    expect(integration.response).toEqual(response);
    for (const body of [trigger('a'), { ping: 1 }, trigger('broken'), trigger('slow')]) {
      const answer = await management.send(integration, body);
      expect([answer.status, await answer.text()]).toEqual([200, '{"ok":true}']);
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(answer.headers.get('x-custom-team')).toBe('on call');
      expect(answer.headers.get('x-request-id')).toBe('patchbay');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await logged(integration)).map(([, status]) => status)).toEqual([200, 200, 200, 200]);
  });

  it('may be nothing but a status', async () => {
    const integration = await management.create({ response: { status: 204 } });
    const answer = await management.send(integration, trigger('b'));
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([204, '', null]);
    expect(await logged(integration)).toEqual([['accepted', 204]]);
  });

  it('goes behind the plugin’s own, and is not given to who is refused', async () => {
    const integration = await management.create({ response });
    const challenge = await management.send(integration, { text: 'own answer' });
    expect([challenge.status, await challenge.text()]).toEqual([201, 'challenge']);
    expect(challenge.headers.get('x-custom-team')).toBeNull();
    const invalid = await management.send(integration, '"text"');
    expect([invalid.status, ((await invalid.json()) as Problem).error.code]).toEqual([400, 'PAYLOAD_INVALID']);
    const refused = await management.send(integration, {}, { authorization: 'Bearer wrong' });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('x-custom-team')).toBeNull();
  });

  it('is taken away again', async () => {
    const integration = await management.create({ response });
    const path = `/api/integrations/${integration.id}`;
    expect((await management.call<Integration>('PATCH', path, { response: null })).body.response).toBeNull();
    const answer = await management.send(integration, trigger('c'));
    expect([answer.status, await answer.json()]).toEqual([202, { requestId: expect.any(String) as string, events: 1 }]);
    const { requestId } = (await (await management.send(integration, trigger('d'))).json()) as { requestId: string };
    expect((await management.call<RequestDetail>('GET', `/api/requests/${requestId}`)).body.status).toBe(202);
  });

  it.each([
    ['a status of failure', { status: 500 }],
    ['a page', { status: 200, contentType: 'text/html', body: '<p>' }],
    ['a body with 204', { status: 204, body: 'x' }],
    ['JSON that is none', { status: 200, contentType: 'application/json', body: '{' }],
    ['a large body', { status: 200, body: 'ä'.repeat(ingestLimits.responseBytes / 2 + 1) }],
    ['a cookie', { status: 200, headers: { 'set-cookie': 'a=b' } }],
    ['a header of the connection', { status: 200, headers: { 'transfer-encoding': 'chunked' } }],
    ['a header of CORS', { status: 200, headers: { 'access-control-allow-origin': '*' } }],
    ['a header of security', { status: 200, headers: { 'content-security-policy': '' } }],
    ['a name in capitals', { status: 200, headers: { 'X-Request-Id': 'a' } }],
    ['a second header in a value', { status: 200, headers: { 'x-ack': 'a\r\nset-cookie: a=b' } }],
    ['a long value', { status: 200, headers: { 'x-ack': 'a'.repeat(ingestLimits.responseHeaderChars + 1) } }],
    [
      'many headers',
      { status: 200, headers: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`x-custom-${n}`, 'a'])) },
    ],
  ])('is never %s', async (_what, wrong) => {
    const input = { type: 'test', name: 'T', response: wrong };
    const { status, body } = await management.call<Problem>('POST', '/api/integrations', input);
    expect([status, body.error.code]).toEqual([400, 'BODY_INVALID']);
    expect(body.error.details?.[0]?.path).toMatch(/^response/);
  });
});
