import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { isId } from '@patchbay/plugin-sdk/contract/ids';
import { eachDatabase } from '../../../test/support/databases.ts';
import { addTestDestination } from '../delivery/test-destination.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { storedIncidents, storedRequests } from './test-rows.ts';
import { openTestDoor, resolve, trigger, type TestDoor, type TestIntegration } from './test-door.ts';

interface Envelope {
  error: { code: string; message: string; details?: { path: string }[]; requestId?: string };
}
const codeOf = async (response: Response) => ((await response.json()) as Envelope).error.code;

eachDatabase('the door', (newDatabase) => {
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

  it('answers 202 with the request and its number of events, and both are stored', async () => {
    const integration = await door.addIntegration();
    await addTestDestination(store.db, integration.groupId);
    const body =
      '[ {"event_action":"trigger","dedup_key":"a","payload":{"summary":"S","source":"x","severity":"error"}} ]';
    const response = await door.post(integration, body, { headers: { 'x-sender': 'alertmanager', cookie: 'a=b' } });
    expect(response.status).toBe(202);
    const answer = (await response.json()) as { requestId: string; events: number };
    expect(answer).toEqual({ requestId: expect.stringMatching(/^req_/) as string, events: 1 });
    const [request] = await requestsOf(integration);
    expect(request).toMatchObject({ request_id: answer.requestId, state: 'accepted', status: 202, event_count: 1 });
    expect(Buffer.from(request!.body).toString()).toBe(body);
    expect(request!.headers['x-sender']).toBe('alertmanager');
    expect(JSON.stringify(request)).not.toContain(integration.key);
    expect(request!.headers).not.toHaveProperty('cookie');
    const [incident] = await incidentsOf(integration);
    expect(incident).toMatchObject({ number: 1, status: 'open', summary: 'S', dedup_key: 'a', event_count: 1 });
    const outbox = await store.db
      .selectFrom('outbox')
      .selectAll()
      .where('group_id', '=', integration.groupId)
      .execute();
    expect(outbox).toHaveLength(1);
    expect(outbox[0]).toMatchObject({
      change_type: 'incident.opened',
      change: {
        type: 'incident.opened',
        incident: { number: 1, url: `https://patchbay.example.com/incidents/${incident!.incident_id}` },
      },
    });
  });

  it('takes the key in the query, by PUT and GET, and gives the plugin no credentials', async () => {
    const seen: string[] = [];
    const integration = await door.addIntegration({
      plugin: (input) => {
        seen.push(JSON.stringify(input));
        return { outcome: 'ignored', reason: 'looked' };
      },
    });
    for (const method of ['POST', 'PUT', 'GET'])
      expect(
        (await fetch(`${door.url}${integration.path}&key=${integration.key}&level=high&level=low`, { method })).status,
      ).toBe(202);
    expect(seen).toHaveLength(3);
    expect(JSON.parse(seen[2]!)).toMatchObject({ request: { method: 'GET', query: { level: ['high', 'low'] } } });
    expect(seen.join()).not.toContain(integration.key);
  });

  it('answers 400 with the paths of an invalid payload and records it', async () => {
    const integration = await door.addIntegration();
    const response = await door.post(integration, '"text"');
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as Envelope;
    expect(error).toMatchObject({ code: 'PAYLOAD_INVALID', message: 'No alert.', details: [{ path: 'alerts' }] });
    const [request] = await requestsOf(integration);
    expect(request).toMatchObject({ request_id: error.requestId, state: 'invalid', issues: [{ path: 'alerts' }] });
    expect((await door.post(integration, '{broken')).status).toBe(400);
  });

  it('answers 202 for an invalid payload where the sender must not see a 4xx', async () => {
    const integration = await door.addIntegration({ manifest: { acceptInvalid: true } });
    expect((await door.post(integration, '"text"')).status).toBe(202);
    expect((await requestsOf(integration))[0]).toMatchObject({ state: 'invalid', status: 202 });
  });

  it('answers 401 for a missing and a wrong key and says which in the log', async () => {
    const integration = await door.addIntegration();
    const missing = await fetch(door.url + integration.path, { method: 'POST', body: '{}' });
    expect([missing.status, await codeOf(missing)]).toEqual([401, 'KEY_INVALID']);
    const wrong = await door.post({ ...integration, key: `${integration.key.slice(0, -1)}_` }, {});
    expect([wrong.status, await codeOf(wrong)]).toEqual([401, 'KEY_INVALID']);
    await vi.waitFor(async () => {
      const requests = await requestsOf(integration);
      expect(requests.map((request) => [request.state, request.code, request.body.length])).toEqual([
        ['refused', 'KEY_INVALID', 0],
        ['refused', 'KEY_INVALID', 0],
      ]);
    });
  });

  it('answers 404 for what does not exist, 405 for other methods', async () => {
    const integration = await door.addIntegration();
    const get = (path: string, init?: RequestInit) => fetch(door.url + path, { method: 'POST', ...init });
    const unknown = integration.path.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (const path of [
      unknown,
      '/api/integrations/test',
      '/api/integrations/other?' + integration.path.split('?')[1],
    ]) {
      const response = await get(path);
      expect([path, response.status, await codeOf(response)]).toEqual([path, 404, 'INTEGRATION_NOT_FOUND']);
    }
    expect((await get('/api/integrations/events')).status).toBe(404);
    const deleted = await get(integration.path, { method: 'DELETE' });
    expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'POST, PUT, GET']);
    // Who only looks whether the address answers sends no alert.
    expect((await get(`${integration.path}&key=${integration.key}`, { method: 'HEAD' })).status).toBe(405);
  });

  it('answers 403 when switched off and 409 when its plugin is gone, naming what to install', async () => {
    const integration = await door.addIntegration();
    const set = async (state: 'enabled' | 'disabled') => {
      await store.db
        .updateTable('integrations')
        .set({ state })
        .where('integration_id', '=', integration.integrationId)
        .execute();
      await door.ingest.invalidate(integration.integrationId);
    };
    await set('disabled');
    const off = await door.post(integration, {});
    expect([off.status, await codeOf(off)]).toEqual([403, 'INTEGRATION_DISABLED']);
    await set('enabled');
    await store.db
      .updateTable('installations')
      .set({ removed_at: new Date() })
      .where('group_id', '=', integration.groupId)
      .execute();
    await door.ingest.invalidate();
    const gone = await door.post(integration, {});
    const { error } = (await gone.json()) as Envelope;
    expect([gone.status, error.code]).toEqual([409, 'TYPE_NOT_INSTALLED']);
    expect(error.message).toContain('patchbay/test');
  });

  it('answers 403 outside the allow list and believes a trusted proxy only', async () => {
    const integration = await door.addIntegration({ ipAllow: ['203.0.113.0/24', '2001:db8::/32'] });
    const from = (address: string) => door.post(integration, { ping: 1 }, { headers: { 'x-forwarded-for': address } });
    expect((await from('203.0.113.9')).status).toBe(202);
    expect((await from('::ffff:203.0.113.9')).status).toBe(202);
    expect((await from('2001:db8::1')).status).toBe(202);
    const outside = await from('198.51.100.1');
    expect([outside.status, await codeOf(outside)]).toEqual([403, 'IP_NOT_ALLOWED']);
    // Only the last hop is a proxy that we trust; what the sender has written before it is not believed.
    expect((await from('203.0.113.9, 198.51.100.1')).status).toBe(403);
    expect((await door.post(integration, { ping: 1 })).status).toBe(403);
  });

  it('answers 413 to a large body and 415 to what it cannot take', async () => {
    const integration = await door.addIntegration();
    const large = await door.post(integration, Buffer.alloc(5 * 1024 * 1024, 0x20));
    expect([large.status, await codeOf(large)]).toEqual([413, 'BODY_TOO_LARGE']);
    const image = await door.post(integration, '{}', { headers: { 'content-type': 'image/png' } });
    expect([image.status, await codeOf(image)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    const packed = await door.post(integration, '{}', { headers: { 'content-encoding': 'gzip' } });
    expect([packed.status, await codeOf(packed)]).toEqual([400, 'BODY_INVALID']);
    for (const type of [
      'text/plain; charset=UTF-8',
      'application/vnd.github+json',
      'application/x-www-form-urlencoded',
    ])
      expect((await door.post(integration, '{"ping":1}', { headers: { 'content-type': type } })).status).toBe(202);
    expect(await withoutContentType(door.url + integration.path, integration.key, '{"ping":1}')).toBe(202);
  });

  it('answers 429 beyond the rate of the integration, and strangers do not use it up', async () => {
    const still = Date.now();
    const limited = await openTestDoor(store, { now: () => still });
    onTestFinished(() => limited.close());
    const integration = await limited.addIntegration({ ratePerMinute: 3 });
    const stranger = { ...integration, key: 'pbk_wrong' };
    const from = { headers: { 'x-forwarded-for': '192.0.2.77' } };
    const refused: number[] = [];
    for (let n = 0; n < 70; n++) refused.push((await limited.post(stranger, {}, from)).status);
    expect(refused.slice(0, 60)).toEqual(Array(60).fill(401));
    expect(new Set(refused.slice(60))).toEqual(new Set([429]));
    // The same address with the right key passes.
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await limited.post(integration, { ping: 1 }, from)).status);
    expect(statuses).toEqual([202, 202, 202, 429]);
    const refusal = await limited.post(integration, { ping: 1 });
    expect(await codeOf(refusal)).toBe('RATE_LIMITED');
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    // Recorded, but not without bound.
    await vi.waitFor(async () => {
      const requests = await requestsOf(integration);
      expect(requests.filter((request) => request.code === 'KEY_INVALID')).toHaveLength(20);
      const counters = await store.db
        .selectFrom('integration_counters')
        .selectAll()
        .where('group_id', '=', integration.groupId)
        .executeTakeFirst();
      expect(counters).toMatchObject({ received: 75, accepted: 3, refused: 72 });
    }, 5_000);
  });

  it('lets a verified signature stand in for the key and refuses a wrong one even with the key', async () => {
    const integration = await door.addIntegration({ secret: 'sesame-sesame' });
    const body = JSON.stringify(trigger('signed'));
    const signature = createHmac('sha256', 'sesame-sesame').update(body).digest('hex');
    const send = (headers: Record<string, string>, key = '') =>
      fetch(door.url + integration.path + key, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
    expect((await send({ 'x-signature': `sha256=${signature}` })).status).toBe(202);
    expect((await send({ 'x-signature': signature })).status).toBe(202);
    const wrong = await send({ 'x-signature': `sha256=${signature.replace(/^./, (c) => (c === '0' ? '1' : '0'))}` });
    expect([wrong.status, await codeOf(wrong)]).toEqual([401, 'SIGNATURE_INVALID']);
    expect((await send({ 'x-signature': 'nonsense' }, `&key=${integration.key}`)).status).toBe(401);
    expect((await send({}, `&key=${integration.key}`)).status).toBe(202);
    const required = await door.addIntegration({ secret: 'sesame-sesame', signatureRequired: true });
    const unsigned = await door.post(required, {});
    expect([unsigned.status, await codeOf(unsigned)]).toEqual([401, 'SIGNATURE_MISSING']);
  });

  it('gives the answer that the plugin wants its sender to have', async () => {
    const integration = await door.addIntegration({
      plugin: () => ({
        outcome: 'ignored',
        reason: 'A challenge.',
        answer: { status: 200, contentType: 'text/plain', body: 'challenge-123' },
      }),
    });
    const response = await door.post(integration, {});
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'challenge-123',
    ]);
  });

  it('keeps bodies that are not text, and text that no database takes', async () => {
    const bodies: string[] = [];
    const integration = await door.addIntegration({
      plugin: (input) => {
        bodies.push(JSON.stringify(input.request.body));
        return { outcome: 'events', events: [trigger('a\u0000\ud800', 'nul \u0000 in it')] as never };
      },
    });
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    expect((await door.post(integration, bytes)).status).toBe(202);
    expect(bodies).toEqual([JSON.stringify({ base64: bytes.toString('base64') })]);
    expect((await requestsOf(integration))[0]!.body.length).toBe(3);
    expect((await incidentsOf(integration))[0]).toMatchObject({
      dedup_key: 'a\ufffd\ufffd',
      summary: 'nul \ufffd in it',
    });
  });

  it('hashes long keys and tells those apart that begin alike', async () => {
    const integration = await door.addIntegration();
    const long = 'k'.repeat(300);
    await door.post(integration, [trigger(`${long}1`), trigger(`${long}2`), trigger(`${long}1`)]);
    const incidents = await incidentsOf(integration);
    expect(incidents).toHaveLength(2);
    expect(incidents.every((incident) => /^sha256:[0-9a-f]{64}$/.test(incident.dedup_key))).toBe(true);
  });

  it('makes one incident of 1,000 triggers that arrive at once', async () => {
    const integration = await door.addIntegration();
    await addTestDestination(store.db, integration.groupId);
    const statuses = await Promise.all(
      Array.from({ length: 1000 }, async () => (await door.take(integration, trigger('same'))).status),
    );
    expect(new Set(statuses)).toEqual(new Set([202]));
    const incidents = await incidentsOf(integration);
    expect(incidents.map((incident) => [incident.status, incident.event_count])).toEqual([['open', 1000]]);
    const ids = await store.db
      .selectFrom('events')
      .select('event_id')
      .where('group_id', '=', integration.groupId)
      .execute();
    expect(ids.filter(({ event_id }) => !isId('event', event_id))).toEqual([]);
    expect(isId('incident', incidents[0]!.incident_id)).toBe(true);
    const outbox = await store.db
      .selectFrom('outbox')
      .select('change_type')
      .where('group_id', '=', integration.groupId)
      .execute();
    expect(outbox).toEqual([{ change_type: 'incident.opened' }]);
  });

  it('numbers incidents of a group without gaps, whoever opens them', async () => {
    const first = await door.addIntegration();
    const second = await door.addIntegration({ groupId: first.groupId, manifest: { integrationType: 'other' } });
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => door.post(n % 2 === 0 ? first : second, trigger(`key-${n}`))),
    );
    const numbers = (await incidentsOf(first)).map((incident) => incident.number);
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  });

  it('opens the next incident after a resolve, linked to the last', async () => {
    const integration = await door.addIntegration();
    await door.post(integration, [trigger('k'), resolve('k'), trigger('k')]);
    const [first, second] = await incidentsOf(integration);
    expect(first).toMatchObject({ status: 'resolved', number: 1 });
    expect(second).toMatchObject({ status: 'open', number: 2, previous_incident_id: first!.incident_id });
    await door.post(integration, [resolve('k'), trigger('k'), resolve('nothing')]);
    expect((await incidentsOf(integration)).map((incident) => incident.status)).toEqual([
      'resolved',
      'resolved',
      'open',
    ]);
    const unmatched = await store.db
      .selectFrom('events')
      .select(['effect', 'incident_id'])
      .where('group_id', '=', integration.groupId)
      .where('dedup_key', '=', 'nothing')
      .execute();
    expect(unmatched).toEqual([{ effect: 'unmatched', incident_id: null }]);
  });
});

function withoutContentType(url: string, key: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers: { authorization: `Bearer ${key}` } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(body);
  });
}
