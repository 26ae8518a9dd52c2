import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { deliverySchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { incidentSchema } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alertmanagerBody, postAlert } from '../support/alertmanager-alert.ts';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { installConnector, publishConnector } from '../support/publish-connector.ts';
import { sandboxChildren, signalled } from '../support/sandbox-children.ts';
import { until } from '../support/until.ts';

/** Two requests, one after the other: the call waits, goes on, and may have to be replayed in another process. */
const source = `
import { defineIntegration, delivered, retry, skipped } from '@patchbay/plugin-sdk';

export default defineIntegration<{ url: string }>({
  async deliver(change, { configuration: { url }, sleep }) {
    if (change.type !== 'incident.opened') return skipped('Only what opens');
    const post = (step) => fetch(url + '/' + step + '/' + change.incident.summary, { method: 'POST' });
    const first = await post('begin');
    if (!first.ok) return retry('Not begun');
    await sleep(1);
    const second = await post('end');
    return second.ok ? delivered() : retry('Not ended');
  },
});
`;

const KILL_EVERY_MS = 200;
/** Long enough to lose what can be lost; CONTRIBUTING.md says when to ask for more. */
const KILLED_FOR_MS =
  1000 *
  z.coerce
    .number()
    .min(1)
    .max(600)
    .parse(process.env.TEST_KILL_SECONDS ?? 30);
const SENDERS = 4;
/** So that what is sent meanwhile is told soon after it, on a slow machine too. */
const PAUSE_MS = 250;
const SETTLED_WITHIN_MS = 300_000;

describe.skipIf(process.platform !== 'linux')('a host whose sandbox processes are killed all the time', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let sink: Server;
  let door: string;
  let key: string;
  /** Idempotency-Keys of what came, by step and summary. */
  const received = new Map<string, string[]>();
  const statuses = new Map<number | 'none', number>();
  const sent: string[] = [];
  let kills = 0;

  beforeAll(async () => {
    sink = createServer((request, response) => {
      const path = request.url ?? '';
      received.set(path, [...(received.get(path) ?? []), String(request.headers['idempotency-key'])]);
      response.end('{}');
    });
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    const environment = { EGRESS_ALLOW: '127.0.0.0/8', INTEGRATION_RATE_LIMIT: 'false' };
    host = await startHost({ ...(await newHostData()), environment });
    await publishConnector(host, 'acme/steps', source);
    await installConnector(host, 'acme/steps', `http://127.0.0.1:${(sink.address() as AddressInfo).port}`);
    const made = await host.request('/api/integrations', { body: { type: 'prometheus', name: 'Load' } });
    const integration = integrationSchema.parse(await made.json());
    door = `${host.url}/api/integrations/prometheus?integrationId=${integration.id}`;
    key = integration.key ?? '';

    const end = performance.now() + KILLED_FOR_MS;
    const kill = async (): Promise<void> => {
      for (; performance.now() < end; await sleep(KILL_EVERY_MS)) {
        const children = await sandboxChildren(host.pid);
        const pid = children[Math.floor(Math.random() * children.length)];
        if (pid !== undefined && signalled(pid, 'SIGKILL')) kills += 1;
      }
    };
    const send = async (sender: number): Promise<void> => {
      for (let count = 0; performance.now() < end; count++) {
        const summary = `alert-${sender}-${count}`;
        sent.push(summary);
        const body = alertmanagerBody({ fingerprint: summary, summary });
        const status = await postAlert(door, key, body).catch(() => 'none' as const);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        await sleep(PAUSE_MS);
      }
    };
    await Promise.all([kill(), ...Array.from({ length: SENDERS }, (_, sender) => send(sender))]);
    console.log(`${kills} processes were killed while ${sent.length} alerts were sent.`);
  }, KILLED_FOR_MS + 600_000);

  afterAll(async () => {
    await host?.stop();
    sink?.closeAllConnections();
    sink?.close();
  });

  async function all<T>(path: string, item: z.ZodType<T>): Promise<T[]> {
    const page = z.object({ items: z.array(item), next: z.string().nullable() });
    const found: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { items, next } = page.parse(await (await host.request(`${path}?limit=200${more}`)).json());
      found.push(...items);
      cursor = next;
    }
    return found;
  }

  it('takes every request', () => {
    expect(kills).toBeGreaterThan(10);
    expect([...statuses]).toEqual([[202, sent.length]]);
  });

  it('loses and doubles no event', async () => {
    const told = async () => (await all('/api/incidents', incidentSchema)).map(({ summary }) => summary);
    await until(
      'every incident',
      async () => ((await told()).length < sent.length ? undefined : true),
      SETTLED_WITHIN_MS,
    );
    expect((await told()).toSorted()).toEqual(sent.toSorted());
  });

  it('delivers each once, and does nothing twice', async () => {
    const unsettled = async () =>
      (await all('/api/deliveries', deliverySchema)).filter(({ state }) => !['delivered', 'dead'].includes(state));
    const settled = async () =>
      received.size >= 2 * sent.length && (await unsettled()).length === 0 ? true : undefined;
    await until('every delivery', settled, SETTLED_WITHIN_MS);
    const deliveries = await all('/api/deliveries', deliverySchema);
    expect(deliveries.length).toBe(sent.length);
    expect(deliveries.filter(({ state }) => state !== 'delivered')).toEqual([]);
    const expected = sent.flatMap((summary) => [`/begin/${summary}`, `/end/${summary}`]);
    expect([...received.keys()].toSorted()).toEqual(expected.toSorted());
    expect([...received].filter(([, keys]) => keys.length !== 1)).toEqual([]);
    expect(new Set([...received.values()].flat()).size).toBe(expected.length);
  });
});
