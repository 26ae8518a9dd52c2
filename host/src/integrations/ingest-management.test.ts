import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestManagement, type TestManagement } from './test-management.ts';

type Problem = { error: { code: string; message: string; details?: { path: string }[] } };

eachDatabase('who may post to an integration, and how often', (newDatabase) => {
  let store: Store;
  let management: TestManagement;
  const time = Date.now();

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    management = await openTestManagement(store, {}, { now: () => time });
  });
  afterAll(async () => {
    await management.close();
    await store.close();
  });

  const patch = <T = Integration>(integration: Integration, input: object) =>
    management.call<T>('PATCH', `/api/integrations/${integration.id}`, input);
  const from = async (integration: Integration, address: string) => {
    const headers = { authorization: `Bearer ${integration.key ?? ''}`, 'x-forwarded-for': address };
    const response = await management.send(integration, { ping: 1 }, headers);
    const body = (await response.json()) as Partial<Problem>;
    return response.status === 202 ? 202 : `${response.status} ${body.error?.code}`;
  };

  it('refuses denied addresses, also those that are allowed', async () => {
    const integration = await management.create({
      ipAllow: ['203.0.113.0/24', '2001:db8::/32'],
      ipDeny: ['203.0.113.128/25', '2001:db8:bad::/48'],
    });
    expect(integration).toMatchObject({ ipDeny: ['203.0.113.128/25', '2001:db8:bad::/48'] });
    expect(await from(integration, '203.0.113.1')).toBe(202);
    expect(await from(integration, '203.0.113.200')).toBe('403 IP_NOT_ALLOWED');
    expect(await from(integration, '::ffff:203.0.113.200')).toBe('403 IP_NOT_ALLOWED');
    expect(await from(integration, '2001:db8:1::1')).toBe(202);
    expect(await from(integration, '2001:db8:bad::1')).toBe('403 IP_NOT_ALLOWED');
    await patch(integration, { ipAllow: [], ipDeny: ['203.0.113.1'] });
    expect(await from(integration, '203.0.113.1')).toBe('403 IP_NOT_ALLOWED');
    expect(await from(integration, '203.0.113.200')).toBe(202);
  });

  it('names the entries of either list that are no address', async () => {
    const integration = await management.create();
    const { status, body } = await patch<Problem>(integration, { ipAllow: ['10.1'], ipDeny: ['::1', 'nobody'] });
    expect([status, body.error.details?.map(({ path }) => path)]).toEqual([400, ['ipAllow[0]', 'ipDeny[1]']]);
  });

  it('lets a burst come at once and tells the rest to wait', async () => {
    const integration = await management.create({ ratePerMinute: 60, burst: 3 });
    expect(integration).toMatchObject({ ratePerMinute: 60, burst: 3 });
    const answers: unknown[] = [];
    for (let n = 0; n < 5; n++) answers.push(await from(integration, '203.0.113.1'));
    expect(answers).toEqual([202, 202, 202, '429 RATE_LIMITED', '429 RATE_LIMITED']);
    const refused = await management.send(integration, { ping: 1 });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(((await refused.json()) as Problem).error.message).toBe('More than 60 requests a minute, or 3 at once.');
    const other = await management.create({ ratePerMinute: 4 });
    expect(other.burst).toBeNull();
    const more: unknown[] = [];
    for (let n = 0; n < 5; n++) more.push(await from(other, '203.0.113.1'));
    expect(more).toEqual([202, 202, 202, 202, '429 RATE_LIMITED']);
    expect((await patch(other, { burst: 0 })).status).toBe(400);
  });
});
