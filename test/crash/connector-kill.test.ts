import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliverySchema, type Delivery } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { incidentSchema } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alertmanagerBody, postAlert } from '../support/alertmanager-alert.ts';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { installConnector, publishConnector } from '../support/publish-connector.ts';
import { until } from '../support/until.ts';

/**
 * The summary of an incident says in which way it is told, and the last word of the address which ways an installation
 * takes: more than four at a time go to no destination.
 */
const source = `
import { defineIntegration, delivered, skipped, PatchbayError } from '@patchbay/plugin-sdk';

export default defineIntegration<{ url: string }>({
  async deliver(change, { configuration: { url }, once }) {
    if (change.type !== 'incident.opened') return skipped('Only what opens');
    const way = change.incident.summary;
    if (!url.endsWith(['GET', 'PUT', 'DELETE', 'repeatable'].includes(way) ? '/again' : '/unknown'))
      return skipped('The other one tells it');
    const send = async (init) => delivered({ note: String((await fetch(url + '/' + way, init)).status) });
    switch (way) {
      case 'repeatable': return send({ method: 'POST', repeatable: true });
      case 'uncaught': return send({ method: 'POST' });
      case 'caught':
        try {
          return await send({ method: 'POST' });
        } catch (error) {
          return delivered({ note: error instanceof PatchbayError ? error.code : String(error) });
        }
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
const REPEATABLE = ['GET', 'PUT', 'DELETE', 'repeatable'];
const WAYS = [...REPEATABLE, 'once', 'caught', 'uncaught'];
/** A delivery that was under way waits for the end of its lease; far above that. */
const ENDED_WITHIN_MS = 300_000;

describe('a host that is killed between an answer and its row in the journal', () => {
  const newHostData = startedHostData();
  let host: HostProcess | undefined;
  let server: Server;
  let deliveries: Map<string, Delivery>;
  /** Idempotency-Keys of what came, by path. */
  const received = new Map<string, string[]>();
  const keysOf = (path: string): string[] => received.get(path) ?? [];

  beforeAll(async () => {
    const held: ServerResponse[] = [];
    let killed: Promise<void> | undefined;
    server = createServer((request, response) => {
      const path = (request.url ?? '').split('/').at(-1) ?? '';
      received.set(path, [...keysOf(path), String(request.headers['idempotency-key'])]);
      if (path === 'marker') {
        response.end(JSON.stringify(received.has('once') ? { id: 'the-only-one' } : {}));
        return;
      }
      if (killed !== undefined) {
        response.end(JSON.stringify({ id: 'a-second-one' }));
        return;
      }
      held.push(response);
      if (WAYS.some((way) => !received.has(way))) return;
      killed = host?.kill();
      // The answers are on their way when the host is gone.
      for (const answer of held) answer.end(JSON.stringify({ id: 'the-only-one' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const options = {
      ...(await newHostData()),
      environment: { EGRESS_ALLOW: '127.0.0.0/8', INTEGRATION_RATE_LIMIT: 'false' },
    };
    host = await startHost(options);
    await publishConnector(host, 'acme/ways', source);
    await installConnector(host, 'acme/ways', `${url}/again`);
    await installConnector(host, 'acme/ways', `${url}/unknown`);
    const made = await host.request('/api/integrations', { body: { type: 'prometheus', name: 'Ways' } });
    const { id, key } = integrationSchema.parse(await made.json());
    const door = `${host.url}/api/integrations/prometheus?integrationId=${id}`;
    for (const way of WAYS)
      expect(await postAlert(door, key ?? '', alertmanagerBody({ fingerprint: way, summary: way }))).toBe(202);
    await until('the kill', () => (killed === undefined ? undefined : true), ENDED_WITHIN_MS);
    await killed;

    host = await startHost(options);
    const items = async <T>(path: string, item: z.ZodType<T>): Promise<T[]> =>
      z.object({ items: z.array(item) }).parse(await (await host?.request(path))?.json()).items;
    const wayOf = new Map((await items('/api/incidents', incidentSchema)).map((one) => [one.id, one.summary]));
    deliveries = await until(
      'the end of all',
      async () => {
        const all = await items('/api/deliveries', deliverySchema);
        const ended = all.filter(({ state }) => state === 'delivered' || state === 'dead');
        return ended.length === WAYS.length
          ? new Map(ended.map((delivery) => [wayOf.get(delivery.incidentId) ?? '', delivery]))
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

  it.each(REPEATABLE)('sends again with the same key what may be repeated: %s', (way) => {
    expect(deliveries.get(way)).toMatchObject({ state: 'delivered', message: '200' });
    expect(keysOf(way).length).toBeGreaterThanOrEqual(2);
    expect(keysOf(way)[0]).toMatch(/^dlv_/);
    expect(new Set(keysOf(way)).size).toBe(1);
  });

  it('finds what was created by its marker, and creates nothing more', () => {
    expect(deliveries.get('once')).toMatchObject({ state: 'delivered', message: 'the-only-one' });
    expect(keysOf('once')).toHaveLength(1);
    expect(keysOf('marker').length).toBeGreaterThanOrEqual(1);
  });

  it('tells a plugin that asks what nobody can know', () => {
    expect(deliveries.get('caught')).toMatchObject({ state: 'delivered', message: 'OUTCOME_UNKNOWN' });
    expect(keysOf('caught')).toHaveLength(1);
  });

  it('stops for a person where nobody can say whether it was done', () => {
    expect(deliveries.get('uncaught')).toMatchObject({ state: 'dead', code: 'OUTCOME_UNKNOWN' });
    expect(keysOf('uncaught')).toHaveLength(1);
  });
});
