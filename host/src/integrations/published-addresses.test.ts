import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { eachDatabase } from '../../../test/support/databases.ts';
import { createEgress, type Egress } from '../egress/egress.ts';
import { createFetchPinned } from '../egress/fetch-pinned.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestManagement, type TestManagement } from './test-management.ts';

type Problem = { error: { code: string; details?: { path: string }[] } };

const VENDOR = 'https://ranges.vendor.example';

eachDatabase('the addresses that a vendor publishes', (newDatabase) => {
  let store: Store;
  let management: TestManagement;
  let egress: Egress;
  let vendor: Server;
  let list: { status: number; body: string };
  let asked = 0;

  beforeAll(async () => {
    vendor = createServer((_request, response) => {
      asked += 1;
      response.writeHead(list.status, { location: '/elsewhere' }).end(list.body);
    });
    await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
    const { port } = vendor.address() as AddressInfo;
    egress = createEgress({ allow: ['127.0.0.0/8'] });
    const fetchPinned = createFetchPinned(egress);
    store = await openStore(await newDatabase());
    management = await openTestManagement(
      store,
      { manifest: { publishedRanges: [{ url: `${VENDOR}/meta`, at: ['hooks'] }] } },
      { fetchPinned: (url) => fetchPinned(url.replace(VENDOR, `http://127.0.0.1:${port}`)) },
    );
  });
  afterAll(async () => {
    await management.close();
    await egress.close();
    await store.close();
    vendor.closeAllConnections();
    await new Promise((resolve) => vendor.close(resolve));
  });

  const publish = (...hooks: string[]) => (list = { status: 200, body: JSON.stringify({ hooks }) });
  const refresh = async (integration: Integration) => {
    // As if the last attempt were a while ago.
    await store.db
      .updateTable('published_ranges')
      .set({ tried_at: new Date(Date.now() - 60_000) })
      .execute();
    const path = `/api/integrations/${integration.id}/refresh-ranges`;
    return (await management.call<Integration>('POST', path)).body.published;
  };
  const from = async (integration: Integration, address: string) => {
    const headers = { authorization: `Bearer ${integration.key ?? ''}`, 'x-forwarded-for': address };
    const response = await management.send(integration, { ping: 1 }, headers);
    const body = (await response.json()) as Partial<Problem>;
    return response.status === 202 ? 202 : `${response.status} ${body.error?.code}`;
  };

  it('are not asked for before somebody wants them', async () => {
    publish('192.0.2.0/24');
    const integration = await management.create();
    expect(integration).toMatchObject({
      publishedOnly: false,
      published: { urls: [`${VENDOR}/meta`], count: 0, fetchedAt: null, failure: null },
    });
    expect(await from(integration, '198.51.100.1')).toBe(202);
    expect(asked).toBe(0);
  });

  it('let nobody else in, and nobody at all before they were read', async () => {
    list = { status: 500, body: '' };
    const integration = await management.create({
      publishedOnly: true,
      ipAllow: ['203.0.113.1'],
      ipDeny: ['192.0.2.66'],
    });
    expect(integration.published).toMatchObject({ count: 0, fetchedAt: null, failure: 'The vendor answered 500.' });
    expect(await from(integration, '192.0.2.1')).toBe('503 ADDRESSES_UNKNOWN');
    expect(await from(integration, '203.0.113.1')).toBe(202);
    expect(await from(integration, '192.0.2.66')).toBe('403 IP_NOT_ALLOWED');
    publish('192.0.2.0/24', '2001:db8::/32');
    expect(await refresh(integration)).toMatchObject({
      count: 2,
      failure: null,
      fetchedAt: expect.any(String) as string,
    });
    expect(await from(integration, '192.0.2.1')).toBe(202);
    expect(await from(integration, '2001:db8::1')).toBe(202);
    expect(await from(integration, '203.0.113.1')).toBe(202);
    expect(await from(integration, '192.0.2.66')).toBe('403 IP_NOT_ALLOWED');
    expect(await from(integration, '198.51.100.1')).toBe('403 IP_NOT_ALLOWED');
  });

  it('stay as they were when they cannot be read again, and follow the vendor when they can', async () => {
    publish('192.0.2.0/24');
    const integration = await management.create({ publishedOnly: true });
    await refresh(integration);
    for (const wrong of [
      { status: 302, body: '' },
      { status: 200, body: '<html>' },
      { status: 200, body: '{"hooks":["0.0.0.0/0"]}' },
      { status: 200, body: `{"hooks":["192.0.2.1"],"more":"${'x'.repeat(70_000)}"}` },
    ]) {
      list = wrong;
      expect(await refresh(integration)).toMatchObject({ count: 1, failure: expect.any(String) as string });
      expect(await from(integration, '192.0.2.1')).toBe(202);
      expect(await from(integration, '198.51.100.1')).toBe('403 IP_NOT_ALLOWED');
    }
    publish('198.51.100.0/24');
    expect(await refresh(integration)).toMatchObject({ count: 1, failure: null });
    expect(await from(integration, '192.0.2.1')).toBe('403 IP_NOT_ALLOWED');
    expect(await from(integration, '198.51.100.1')).toBe(202);
  });

  it('are not asked for again within seconds, however often somebody wants it', async () => {
    publish('192.0.2.0/24');
    const integration = await management.create();
    await refresh(integration);
    const before = asked;
    const path = `/api/integrations/${integration.id}/refresh-ranges`;
    for (let n = 0; n < 3; n++) expect((await management.call('POST', path)).status).toBe(200);
    expect((await management.call('POST', path, undefined, 'viewer')).status).toBe(403);
    await management.call('PATCH', `/api/integrations/${integration.id}`, { publishedOnly: true });
    expect(asked).toBe(before);
  });
});

eachDatabase('a vendor that publishes no addresses', (newDatabase) => {
  it('cannot be held to them', async () => {
    const store = await openStore(await newDatabase());
    const management = await openTestManagement(store);
    try {
      const integration = await management.create();
      expect(integration.published).toBeNull();
      const path = `/api/integrations/${integration.id}`;
      const { status, body } = await management.call<Problem>('PATCH', path, { publishedOnly: true });
      expect([status, body.error.details?.[0]?.path]).toEqual([400, 'publishedOnly']);
    } finally {
      await management.close();
      await store.close();
    }
  });
});
