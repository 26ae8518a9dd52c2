import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { destinationSchema, webhookCreatedSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { eachDatabase } from '../../../test/support/databases.ts';
import type { Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { createLiveHub } from '../live/live-hub.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { createDeliveryFixture, type DeliveryFixture } from './delivery-fixture.ts';
import { dispatchOutbox } from './dispatch-outbox.ts';
import { webhookRoutes } from './webhook-routes.ts';

const noSandbox: Sandbox = {
  run: () => Promise.reject(new Error('no connector is delivered here')),
  close: () => Promise.resolve(),
};

eachDatabase('the routes of webhooks', (newDatabase) => {
  let store: Store;
  let fixture: DeliveryFixture;
  let app: FastifyInstance;
  let actor: Actor;

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, noSandbox);
    actor = { groupId: fixture.groupId, name: 'user:ann', userId: 'ann' } as Actor;
    app = Fastify();
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    app.setErrorHandler((error, _request, reply) =>
      error instanceof ApiError
        ? reply.code(error.status).send(error.envelope())
        : reply.code((error as { statusCode?: number }).statusCode ?? 500).send(),
    );
    app.decorateRequest('actor', { getter: () => actor });
    const { vault, egress } = fixture;
    await app.register(webhookRoutes({ store, vault, egress, hub: createLiveHub() }) as never);
  });
  afterAll(async () => {
    await app.close();
    await fixture.close();
    await store.close();
  });

  const create = (name: string, more: object = {}) =>
    app.inject({
      method: 'POST',
      url: '/api/webhooks',
      payload: { name, url: 'https://hooks.example.com/', ...more },
    });
  const count = async (table: 'destinations' | 'secrets') => {
    const { n } = await store.db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow();
    return Number(n);
  };

  it('make a webhook whole, or none of it', async () => {
    const before = [await count('destinations'), await count('secrets')];
    const who = actor;
    // The last write of the three cannot be made.
    actor = { ...who, name: null as never };
    expect((await create('half')).statusCode).toBe(500);
    actor = who;
    expect([await count('destinations'), await count('secrets')]).toEqual(before);
    const made = webhookCreatedSchema.parse((await create('whole')).json());
    expect(made).toMatchObject({ name: 'whole', environment: 'production' });
    expect(made.secret).toMatch(/^whsec_/);
  });

  it('show and change how often a delivery is tried', async () => {
    const made = webhookCreatedSchema.parse((await create('tries', { maxAttempts: 3 })).json());
    expect(made.maxAttempts).toBe(3);
    const url = `/api/webhooks/${made.id}`;
    const changed = await app.inject({ method: 'PATCH', url, payload: { maxAttempts: 7 } });
    expect(destinationSchema.parse(changed.json())).toMatchObject({ name: 'tries', maxAttempts: 7 });
    expect(destinationSchema.parse((await app.inject({ url })).json()).maxAttempts).toBe(7);
    expect((await app.inject({ method: 'PATCH', url, payload: { maxAttempts: 21 } })).statusCode).toBe(400);
  });

  it('replay deliveries of their own webhook only', async () => {
    const one = webhookCreatedSchema.parse((await create('one')).json());
    const other = webhookCreatedSchema.parse((await create('other')).json());
    await fixture.change(await fixture.newIncident(), 'incident.opened');
    await dispatchOutbox(store.db);
    const delivery = (await fixture.deliveries()).find((row) => row.destination_id === one.id);
    const replay = (webhook: string) =>
      app.inject({ method: 'POST', url: `/api/webhooks/${webhook}/replay/${delivery?.delivery_id}` });
    expect((await replay(other.id)).statusCode).toBe(404);
    expect((await replay(one.id)).statusCode).toBe(202);
  });
});
