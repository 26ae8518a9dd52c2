import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { IncidentDetail, Incident } from '@patchbay/plugin-sdk/contract/rest/incidents';
import type {
  History,
  Integration,
  RequestDetail,
  RequestSummary,
  Service,
} from '@patchbay/plugin-sdk/contract/rest/integrations';
import { eachDatabase } from '../../../test/support/databases.ts';
import { createApp } from '../api/app.ts';
import { parseConfig } from '../config/config.ts';
import { createAuth } from '../identity/auth.ts';
import { prepareFirstStart } from '../identity/first-start.ts';
import { incidentRoutes } from '../incidents/incident-routes.ts';
import { dedupKeyOf } from '../ingest/normalise-event.ts';
import { echoPlugin, openTestDoor, resolve, trigger, type TestDoor } from '../ingest/test-door.ts';
import { addTestDestination } from '../delivery/test-destination.ts';
import { createLiveHub } from '../live/live-hub.ts';
import { serviceRoutes } from '../services/service-routes.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { integrationRoutes } from './integration-routes.ts';
import { requestRoutes } from './request-routes.ts';
import type { SampleRequest } from './sample-request.ts';

const TOKEN = 'bootstrap-token-for-tests';
const PUBLIC_URL = 'https://patchbay.example.com';
const sample: SampleRequest = {
  body: JSON.stringify({ ...trigger('sample'), note: "it's" }),
  contentType: 'application/json',
  headers: {},
};
type Page<T> = { items: T[]; next: string | null };
type Problem = { error: { code: string; message: string; details?: { path: string }[] } };

eachDatabase('managing integrations and incidents', (newDatabase) => {
  let store: Store;
  let door: TestDoor;
  let groupId: GroupId;
  let fail = false;

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    const { db } = store;
    const hub = createLiveHub();
    const findPluginForType = (type: string) => Promise.resolve(type === 'datadog' ? 'patchbay/datadog' : undefined);
    const first = await prepareFirstStart(db, TOKEN);
    groupId = first.groupId;
    await addTestDestination(db, groupId);
    door = await openTestDoor(store, { publicUrl: PUBLIC_URL, findPluginForType }, async (ingest, vault) => {
      const parsed = parseConfig({ PORT: '0' });
      if (!parsed.ok) throw new Error('configuration');
      const auth = createAuth({ db, secret: randomBytes(32).toString('hex'), publicUrl: PUBLIC_URL });
      const shared = { db, store, vault, hub, ingest, publicUrl: PUBLIC_URL, findPluginForType };
      return createApp({
        config: parsed.config,
        db,
        vault,
        auth,
        log: null,
        version: '0.0.0',
        routes: [
          serviceRoutes({ db, hub, invalidate: () => ingest.invalidate() }),
          integrationRoutes({
            ...shared,
            ranges: { refresh: () => Promise.resolve() },
            sampleFor: () => Promise.resolve(sample),
          }),
          requestRoutes(shared),
          incidentRoutes({ ...shared, clock: ingest.clock, dedupKeyOf }),
        ],
        doors: [ingest.door],
      });
    });
    // Brings the installation of the type "test" into the first group.
    await door.addIntegration({
      groupId,
      plugin: (input) => {
        if (fail) throw new Error('not now');
        return echoPlugin(input);
      },
      manifest: {
        configuration: {
          properties: { level: { type: 'string', title: 'Level', enum: ['low', 'high'], default: 'low' } },
        },
      },
    });
  });
  afterAll(async () => {
    await door.close();
    await store.close();
  });

  const call = async <T>(method: string, path: string, body?: unknown, token = TOKEN) => {
    const response = await fetch(door.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T };
  };
  const create = async (input: object = {}) => {
    const { status, body } = await call<Integration>('POST', '/api/integrations', {
      type: 'test',
      name: 'T',
      ...input,
    });
    expect(status).toBe(201);
    return body;
  };
  const send = (integration: Integration, body: unknown, key = integration.key ?? '') =>
    fetch(integration.url.replace(PUBLIC_URL, door.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('makes an integration whose URL, key and curl work at once', async () => {
    const integration = await create({ settings: { level: 'high' } });
    expect(integration).toMatchObject({
      key: expect.stringMatching(/^pbk_[0-9A-Za-z]{43}$/) as string,
      url: `${PUBLIC_URL}/api/integrations/test?integrationId=${integration.id}`,
      serviceName: 'Default service',
      settings: { level: 'high' },
      signature: { supported: true, vendorScheme: null, secretSet: false, required: false },
    });
    expect(integration.sampleCurl).toContain(`-H 'Authorization: Bearer ${integration.key}'`);
    expect(integration.sampleCurl).toContain(`it'\\''s`);
    expect((await send(integration, trigger('created'))).status).toBe(202);
    const read = await call<Integration>('GET', `/api/integrations/${integration.id}`);
    expect(read.body.counts).toEqual({ received: 1, accepted: 1, refused: 0, pending: 0 });
    expect(read.body.lastRequestAt).not.toBeNull();
    const stored = await store.db.selectFrom('integration_keys').selectAll().execute();
    const secrets = await store.db.selectFrom('secrets').selectAll().execute();
    expect(JSON.stringify([stored, secrets])).not.toContain(integration.key);
  });

  it('says what to install for a type that is not, and refuses reserved ones and wrong settings', async () => {
    const post = (input: object) => call<Problem>('POST', '/api/integrations', { name: 'T', ...input });
    const missing = await post({ type: 'datadog' });
    expect([missing.status, missing.body.error.code]).toEqual([409, 'TYPE_NOT_INSTALLED']);
    expect(missing.body.error.message).toContain('patchbay/datadog');
    expect((await post({ type: 'events' })).body.error.details).toMatchObject([{ path: 'type' }]);
    const wrong = await post({ type: 'test', settings: { level: 'loud', other: 1 }, ipAllow: ['10.0.0.0/99'] });
    expect(wrong.status).toBe(400);
    expect(wrong.body.error.details?.map((detail) => detail.path)).toEqual(['settings.other', 'settings.level']);
    expect((await post({ type: 'test', ipAllow: ['10.0.0.0/99'] })).body.error.details).toMatchObject([
      { path: 'ipAllow[0]' },
    ]);
    expect((await post({ type: 'test', serviceId: 'svc_nothing' })).body.error.details).toMatchObject([
      { path: 'serviceId' },
    ]);
  });

  it('changes, switches off and removes an integration, and the door knows at once', async () => {
    const integration = await create();
    const path = `/api/integrations/${integration.id}`;
    const patched = await call<Integration>('PATCH', path, {
      name: 'Renamed',
      state: 'disabled',
      signatureSecret: 'sesame-sesame',
    });
    expect(patched.body).toMatchObject({ name: 'Renamed', state: 'disabled', signature: { secretSet: true } });
    expect((await send(integration, {})).status).toBe(403);
    await call('PATCH', path, { state: 'enabled', signatureSecret: null });
    expect((await send(integration, { ping: 1 })).status).toBe(202);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await send(integration, { ping: 1 })).status).toBe(404);
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  it('rotates the key with an overlap, and without one', async () => {
    const integration = await create();
    const rotate = (overlapHours: number) =>
      call<Integration>('POST', `/api/integrations/${integration.id}/rotate-key`, { overlapHours });
    expect(integration.olderKeyUntil).toBeNull();
    const second = (await rotate(1)).body;
    expect(Math.abs(Date.parse(second.olderKeyUntil ?? '') - Date.now() - 3600_000)).toBeLessThan(1800_000);
    expect(second.key).not.toBe(integration.key);
    expect((await send(integration, { ping: 1 })).status).toBe(202);
    expect((await send(integration, { ping: 1 }, second.key ?? '')).status).toBe(202);
    const third = (await rotate(0)).body;
    expect(third.olderKeyUntil).toBeNull();
    expect((await send(integration, { ping: 1 }, third.key ?? '')).status).toBe(202);
    expect((await send(integration, { ping: 1 }, second.key ?? '')).status).toBe(401);
    expect((await send(integration, { ping: 1 })).status).toBe(401);
  });

  it('sends a test event through the door and shows it in the request log', async () => {
    const integration = await create({ signatureRequired: true });
    const test = await call<{ requestId: string; status: number }>(
      'POST',
      `/api/integrations/${integration.id}/test`,
      {},
    );
    expect(test.body).toMatchObject({ status: 202, response: { events: 1 } });
    const log = await call<Page<RequestSummary>>('GET', `/api/integrations/${integration.id}/requests`);
    expect(log.body.items).toMatchObject([{ id: test.body.requestId, state: 'accepted', eventCount: 1 }]);
    const detail = await call<RequestDetail>('GET', `/api/requests/${test.body.requestId}`);
    expect(detail.body).toMatchObject({
      body: { text: sample.body },
      plugin: 'patchbay/test',
      pluginVersion: '1.2.3',
      events: [{ action: 'trigger', dedupKey: 'sample', effect: 'opened' }],
    });
  });

  it('shows why a request was refused and pages through the log', async () => {
    const integration = await create();
    for (let n = 0; n < 3; n++) await send(integration, { ping: n });
    await send(integration, {}, 'wrong');
    const path = `/api/integrations/${integration.id}/requests`;
    await vi.waitFor(async () => {
      const refused = await call<Page<RequestSummary>>('GET', `${path}?state=refused`);
      expect(refused.body.items).toMatchObject([
        { code: 'KEY_INVALID', status: 401, reason: expect.any(String) as string },
      ]);
    });
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await call<Page<RequestSummary>>('GET', `${path}?limit=3${cursor}`);
      seen.push(...page.body.items.map((item) => item.state));
      cursor = page.body.next === null ? '' : `&cursor=${page.body.next}`;
    } while (cursor !== '');
    expect(seen).toEqual(['refused', 'ignored', 'ignored', 'ignored']);
    expect((await call('GET', `${path}?cursor=nonsense`)).status).toBe(400);
  });

  it('replays a request that failed, and one that gave its events as a new one', async () => {
    const integration = await create();
    fail = true;
    const { requestId } = (await (await send(integration, trigger('replayed'))).json()) as { requestId: string };
    fail = false;
    const replayed = await call<RequestDetail>('POST', `/api/requests/${requestId}/replay`);
    expect(replayed.body).toMatchObject({ id: requestId, state: 'accepted', events: [{ effect: 'opened' }] });
    const again = await call<RequestDetail>('POST', `/api/requests/${requestId}/replay`);
    expect(again.body).toMatchObject({ state: 'accepted', events: [{ effect: 'repeated' }] });
    expect(again.body.id).not.toBe(requestId);
  });

  it('lists incidents by filters, shows one with its timeline, and lets operators act', async () => {
    const service = await call<Service>('POST', '/api/services', { name: 'Checkout' });
    const integration = await create({ serviceId: service.body.id });
    await send(integration, [trigger('one', '100% of disk'), trigger('two', 'slow'), resolve('two')]);
    const list = async (query: string) =>
      (await call<Page<Incident>>('GET', `/api/incidents?serviceId=${service.body.id}&${query}`)).body.items
        .map((incident) => incident.dedupKey)
        .sort();
    expect(await list('')).toEqual(['one', 'two']);
    expect(await list('status=resolved')).toEqual(['two']);
    expect(await list('status=open&status=acknowledged')).toEqual(['one']);
    expect(await list('dedupKey=one')).toEqual(['one']);
    expect(await list('q=100%25')).toEqual(['one']);
    expect(await list('q=1_0')).toEqual([]);
    expect(await list(`integrationId=${integration.id}`)).toEqual(['one', 'two']);
    expect(await list('severity=info')).toEqual([]);
    const [incident] = (await call<Page<Incident>>('GET', `/api/incidents?dedupKey=one`)).body.items;
    const act = (name: string, body?: object) =>
      call<IncidentDetail & Problem>('POST', `/api/incidents/${incident!.id}/${name}`, body);
    expect((await act('acknowledge', { note: 'looking' })).body.status).toBe('acknowledged');
    expect((await act('acknowledge')).status).toBe(200);
    expect((await act('reopen')).body.error.code).toBe('CONFLICT');
    expect((await act('resolve')).body.status).toBe('resolved');
    expect((await act('reopen')).body).toMatchObject({ status: 'open', resolvedAt: null, acknowledgedAt: null });
    const detail = (await call<IncidentDetail>('GET', `/api/incidents/${incident!.id}`)).body;
    expect(detail.timeline.map((entry) => (entry.kind === 'event' ? entry.effect : entry.kind))).toEqual([
      'opened',
      'acknowledged',
      'resolved',
      'reopened',
    ]);
    expect(detail.timeline[1]).toMatchObject({ actor: expect.stringMatching(/^token:/) as string, summary: 'looking' });
    const changes = await store.db
      .selectFrom('outbox')
      .select('change_type')
      .where('incident_id', '=', incident!.id as never)
      .orderBy('seq')
      .execute();
    expect(changes.map((change) => change.change_type)).toEqual([
      'incident.opened',
      'incident.acknowledged',
      'incident.resolved',
      'incident.reopened',
    ]);
    await call('POST', `/api/incidents/${incident!.id}/resolve`);
    await send(integration, trigger('one'));
    expect((await act('reopen')).status).toBe(409);
  });

  it('keeps services that are used and the default one, and counts what they have', async () => {
    const service = (await call<Service>('POST', '/api/services', { name: 'Payments' })).body;
    expect((await call<Service>('PATCH', `/api/services/${service.id}`, { name: 'Payment' })).body.name).toBe(
      'Payment',
    );
    await create({ serviceId: service.id });
    const all = (await call<Page<Service>>('GET', '/api/services')).body.items;
    expect(all[0]).toMatchObject({ isDefault: true });
    expect(all.find((entry) => entry.id === service.id)).toMatchObject({ integrationCount: 1, openIncidents: 0 });
    expect((await call('DELETE', `/api/services/${service.id}`)).status).toBe(409);
    expect((await call('DELETE', `/api/services/${all[0]!.id}`)).status).toBe(409);
    const unused = (await call<Service>('POST', '/api/services', { name: 'Unused' })).body;
    expect((await call('DELETE', `/api/services/${unused.id}`)).status).toBe(204);
  });

  it('tells how well alerts come in, by type', async () => {
    const integration = await create({ name: 'Healthy' });
    for (let n = 0; n < 6; n++) await send(integration, { ping: n });
    expect((await send(integration, null)).status).toBe(400);
    const { body, status } = await call<{ status: string; global: Record<string, number>; byType: object }>(
      'GET',
      '/api/integrations/health',
    );
    expect(status).toBe(200);
    expect(Object.keys(body.global)).toEqual([
      'totalReceived',
      'totalSuccess',
      'totalErrors',
      'successRate',
      'averageLatencyMs',
    ]);
    expect(body.global['totalReceived']).toBeGreaterThan(5);
    expect(body.global['totalErrors']).toBeGreaterThan(0);
    expect(Object.keys(body.byType)).toEqual(['TEST']);

    const path = `/api/integrations/${integration.id}/history`;
    const history = await call<History>('GET', `${path}?hours=2`);
    expect(history.body.hours).toHaveLength(2);
    const sum = (key: 'received' | 'success' | 'errors') =>
      history.body.hours.reduce((all, hour) => all + hour[key], 0);
    expect([sum('received'), sum('success'), sum('errors')]).toEqual([7, 6, 1]);
    expect((await call<History>('GET', path)).body.hours).toHaveLength(24);
    expect((await call('GET', `${path}?hours=0`)).status).toBe(400);
    expect((await call('GET', `${path}?hours=745`)).status).toBe(400);
    expect((await call('GET', path.replace(/int_\w+/, `int_${'0'.repeat(26)}`))).status).toBe(404);
  });

  it('watches an integration unless it is told not to', async () => {
    const integration = await create();
    expect(integration.watch).toBe(true);
    expect((await create({ watch: false })).watch).toBe(false);
    const since = async () => {
      const row = await store.db
        .selectFrom('integrations')
        .select('watched_since')
        .where('integration_id', '=', integration.id as never)
        .executeTakeFirstOrThrow();
      return row.watched_since.getTime();
    };
    const patch = (body: object) => call<Integration>('PATCH', `/api/integrations/${integration.id}`, body);
    const before = await since();
    expect((await patch({ watch: false })).body.watch).toBe(false);
    await patch({ name: 'Renamed' });
    expect(await since()).toBe(before);
    expect((await patch({ watch: true })).body.watch).toBe(true);
    expect(await since()).toBeGreaterThan(before);
  });

  it('shows nothing of another group', async () => {
    const other = await door.addIntegration();
    await door.post(other, trigger('theirs'));
    expect((await call('GET', `/api/integrations/${other.integrationId}`)).status).toBe(404);
    expect((await call<Page<Incident>>('GET', '/api/incidents?dedupKey=theirs')).body.items).toEqual([]);
    const [request] = await store.db.selectFrom('requests').selectAll().where('group_id', '=', other.groupId).execute();
    expect((await call('GET', `/api/requests/${request!.request_id}`)).status).toBe(404);
    expect((await call('POST', `/api/requests/${request!.request_id}/replay`)).status).toBe(404);
  });
});
