import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileConnector, installConnector } from '@patchbay/host/delivery/connector-fixture';
import { createDeliveryFixture } from '@patchbay/host/delivery/delivery-fixture';
import { createModuleStore } from '@patchbay/host/installations/module-store';
import { openStore } from '@patchbay/host/store/open-store';
import { deliverySchema, type Delivery } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { until } from '../support/until.ts';

const source = `
import { defineIntegration, delivered } from '@patchbay/plugin-sdk';

export default defineIntegration({
  async deliver(change, { configuration: { url }, once }) {
    const { way } = change.incident.customDetails;
    const send = async (init) => delivered({ note: String((await fetch(url + '/' + way, init)).status) });
    switch (way) {
      case 'repeatable': return send({ method: 'POST', repeatable: true });
      case 'uncaught': return send({ method: 'POST' });
      case 'once': {
        const made = await once('thing', {
          find: async () => (await (await fetch(url + '/marker')).json()).id ?? undefined,
          create: async () => (await (await fetch(url + '/once', { method: 'POST' })).json()).id,
          lagMs: 100,
        });
        return delivered({ note: made });
      }
      default: return send({ method: way });
    }
  },
});
`;

const WAYS = ['GET', 'PUT', 'DELETE', 'repeatable', 'once', 'uncaught'];
const ENDED_WITHIN_MS = 300_000;

describe('a host that is killed between an answer and its row in the journal', () => {
  const newHostData = startedHostData();
  let host: HostProcess | undefined;
  let server: Server;
  let deliveries: Map<string, Delivery>;
  /** Idempotency-Keys of what came, by path. */
  const received = new Map<string, string[]>();

  beforeAll(async () => {
    const held: ServerResponse[] = [];
    let killed: Promise<void> | undefined;
    server = createServer((request, response) => {
      const path = (request.url ?? '').slice(1);
      received.set(path, [...(received.get(path) ?? []), String(request.headers['idempotency-key'])]);
      if (path === 'marker') {
        const made = received.has('once');
        response.end(JSON.stringify(made ? { id: 'the-only-one' } : {}));
        return;
      }
      if (killed !== undefined) {
        response.end(JSON.stringify({ id: 'a-second-one' }));
        return;
      }
      held.push(response);
      // A machine that is slow may let a request run into its time limit and send it again before all have come.
      if (WAYS.some((way) => !received.has(way))) return;
      killed = host?.kill();
      // The answers are on their way when the host is gone.
      for (const answer of held) answer.end(JSON.stringify({ id: 'the-only-one' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const data = await newHostData();
    const connector = await compileConnector(source);
    await createModuleStore(data.dataFolder).put(connector.sha256, connector.wasm);
    const store = await openStore({ folder: data.dataFolder, databaseUrl: undefined });
    const fixture = await createDeliveryFixture(store, {
      run: () => Promise.reject(new Error('this process delivers nothing')),
      close: () => Promise.resolve(),
    });
    const { destinationId } = await installConnector(store, fixture, connector, { url });
    await fixture.hurry(destinationId, { maxInFlight: WAYS.length });
    const incidents = new Map<string, string>();
    for (const way of WAYS) {
      const incident = await fixture.newIncident();
      incidents.set(incident, way);
      await fixture.change(incident, 'incident.opened', { way });
    }
    await fixture.close();
    await store.close();

    const options = { ...data, environment: { EGRESS_ALLOW: '127.0.0.0/8' } };
    host = await startHost(options);
    await until('the kill', () => (killed === undefined ? undefined : true), ENDED_WITHIN_MS);
    await killed;
    host = await startHost(options);
    deliveries = await until(
      'the end of all',
      async () => {
        const page = z.object({ items: z.array(deliverySchema) });
        const { items } = page.parse(await (await host?.request('/api/deliveries'))?.json());
        const ended = items.filter(({ state }) => state === 'delivered' || state === 'dead');
        return ended.length === WAYS.length
          ? new Map(ended.map((delivery) => [incidents.get(delivery.incidentId) ?? '', delivery]))
          : undefined;
      },
      ENDED_WITHIN_MS,
    );
  }, 900_000);

  afterAll(async () => {
    await host?.stop();
    server?.closeAllConnections();
    server?.close();
  });

  it.each(['GET', 'PUT', 'DELETE', 'repeatable'])('sends again with the same key what may be repeated: %s', (way) => {
    expect(deliveries.get(way)).toMatchObject({ state: 'delivered', message: '200' });
    const keys = received.get(way) ?? [];
    expect(keys.length).toBeGreaterThanOrEqual(2);
    expect(keys[0]).toMatch(/^dlv_/);
    expect(new Set(keys).size).toBe(1);
  });

  it('finds what was created by its marker, and creates nothing more', () => {
    expect(deliveries.get('once')).toMatchObject({ state: 'delivered', message: 'the-only-one' });
    expect(received.get('once')).toHaveLength(1);
    expect(received.get('marker')?.length).toBeGreaterThanOrEqual(2);
  });

  it('stops for a person where nobody can say whether it was done', () => {
    expect(deliveries.get('uncaught')).toMatchObject({ state: 'dead', code: 'OUTCOME_UNKNOWN' });
    expect(received.get('uncaught')).toHaveLength(1);
  });
});
