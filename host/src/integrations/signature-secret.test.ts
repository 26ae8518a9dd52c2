import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestManagement, type TestManagement } from './test-management.ts';

const HOUR_MS = 3600 * 1000;
const OLD = 'the-secret-before';
const NEW = 'the-secret-after';

eachDatabase('a signature secret', (newDatabase) => {
  let store: Store;
  let management: TestManagement;
  let later = 0;

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    management = await openTestManagement(store, {}, { now: () => Date.now() + later });
  });
  beforeEach(() => (later = 0));
  afterAll(async () => {
    await management.close();
    await store.close();
  });

  const post = async (integration: Integration, secret: string) => {
    const body = JSON.stringify({ ping: Math.random() });
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    return (await management.send(integration, body, { 'x-signature': signature })).status;
  };
  const rotate = (integration: Integration, input: object) =>
    management.call<Integration>('POST', `/api/integrations/${integration.id}/rotate-secret`, input);

  it('is rotated with an overlap in which both sign, and after which the old one does not', async () => {
    const integration = await management.create({ signatureSecret: OLD });
    expect(integration.signature).toMatchObject({ secretSet: true, olderSecretUntil: null });
    const rotated = await rotate(integration, { secret: NEW, overlapHours: 2 });
    expect(rotated.status).toBe(200);
    const until = Date.parse(rotated.body.signature.olderSecretUntil ?? '');
    expect(Math.abs(until - Date.now() - 2 * HOUR_MS)).toBeLessThan(HOUR_MS / 2);
    expect([await post(integration, OLD), await post(integration, NEW)]).toEqual([202, 202]);
    later = 2 * HOUR_MS + 1000;
    expect([await post(integration, OLD), await post(integration, NEW)]).toEqual([401, 202]);
  });

  it('is rotated without an overlap when told so', async () => {
    const integration = await management.create({ signatureSecret: OLD });
    const { body } = await rotate(integration, { secret: NEW, overlapHours: 0 });
    expect(body.signature).toMatchObject({ secretSet: true, olderSecretUntil: null });
    expect([await post(integration, OLD), await post(integration, NEW)]).toEqual([401, 202]);
  });

  it('is removed with those that an overlap still holds', async () => {
    const integration = await management.create({ signatureSecret: OLD });
    await rotate(integration, { secret: NEW });
    const path = `/api/integrations/${integration.id}`;
    const { body } = await management.call<Integration>('PATCH', path, { signatureSecret: null });
    expect(body.signature).toMatchObject({ secretSet: false, olderSecretUntil: null });
    expect([await post(integration, OLD), await post(integration, NEW)]).toEqual([401, 401]);
  });

  it('is bounded, is for members, and stands in no audit entry', async () => {
    const integration = await management.create();
    const path = `/api/integrations/${integration.id}/rotate-secret`;
    expect((await rotate(integration, { secret: 'short' })).status).toBe(400);
    expect((await rotate(integration, { secret: NEW, overlapHours: 169 })).status).toBe(400);
    expect((await management.call('POST', path, { secret: NEW }, 'viewer')).status).toBe(403);
    await rotate(integration, { secret: NEW, overlapHours: 1 });
    const entries = await store.db
      .selectFrom('audit_log')
      .select(['action', 'details'])
      .where('group_id', '=', management.groupId)
      .where('target', '=', integration.id)
      .orderBy('audit_id')
      .execute();
    expect(entries.map(({ action }) => action)).toEqual(['integration.create', 'integration.rotate-secret']);
    expect(entries[1]?.details).toEqual({ overlapHours: 1 });
  });
});
