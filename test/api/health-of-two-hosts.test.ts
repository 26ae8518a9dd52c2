import { afterAll, beforeAll, expect, it } from 'vitest';
import { healthSchema, historySchema, integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { alertmanagerBody } from '../support/alertmanager-alert.ts';
import { postgresDatabases } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { until } from '../support/until.ts';

const newDatabase = postgresDatabases();

/** Of each kind, through each host. */
const ALERTS = 30;
const INVALID = 5;
const STRANGERS = 7;

// Two starts, of which the first publishes every plugin: only ends what would never end.
const FIRST_START_WITHIN_MS = 900_000;

let hosts: HostProcess[] = [];

beforeAll(async () => {
  const { folder, databaseUrl = '' } = await newDatabase();
  const environment = { DATABASE_URL: databaseUrl, INTEGRATION_RATE_LIMIT: 'false' };
  const first = await startHost({ dataFolder: folder, environment });
  hosts = [first];
  hosts.push(await startHost({ dataFolder: folder, environment, token: first.token }));
}, FIRST_START_WITHIN_MS);
afterAll(async () => {
  for (const host of hosts) await host.stop();
});

it('two hosts on one database count together, and each tells the whole', async () => {
  const created = await hosts[0]!.request('/api/integrations', { body: { type: 'prometheus', name: 'Shared' } });
  expect(created.status, hosts[0]!.output()).toBe(201);
  const { id, key } = integrationSchema.parse(await created.json());
  const post = async (host: HostProcess, withKey: string, body: unknown): Promise<number> => {
    const response = await fetch(`${host.url}/api/integrations/prometheus?integrationId=${id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${withKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const alert = (n: number) => alertmanagerBody({ fingerprint: `f${n}`, severity: 'critical', summary: 'Down' });
  const statuses = await Promise.all(
    hosts.flatMap((host, at) => [
      ...Array.from({ length: ALERTS }, (_, n) => post(host, key ?? '', alert(at * ALERTS + n))),
      ...Array.from({ length: INVALID }, () => post(host, key ?? '', { version: '4', alerts: 'none' })),
      ...Array.from({ length: STRANGERS }, () => post(host, 'pbk_not-the-key', alert(0))),
    ]),
  );
  const count = (status: number) => statuses.filter((one) => one === status).length;
  expect([count(202) + count(400), count(401)]).toEqual([2 * (ALERTS + INVALID), 2 * STRANGERS]);

  const health = async (host: HostProcess) =>
    healthSchema.parse(await (await host.request('/api/integrations/health')).json());
  const received = 2 * (ALERTS + INVALID);
  // A plugin that was slow in the beginning is run again, and refusals are counted a moment later.
  await until('every request', async () => {
    const { global, recent } = await health(hosts[0]!);
    const done = global.totalSuccess + global.totalErrors === received && global.totalErrors === 2 * INVALID;
    return done && recent.turnedAway === 2 * STRANGERS ? true : undefined;
  });
  const [one, other] = await Promise.all(hosts.map(health));
  expect(one).toEqual(other);
  const success = 2 * ALERTS;
  expect(one).toMatchObject({
    status: 'degraded',
    global: { totalReceived: received, totalSuccess: success, totalErrors: 2 * INVALID, successRate: 85.71 },
    byType: {
      PROMETHEUS: { totalReceived: received, totalSuccess: success, totalErrors: 2 * INVALID, successRate: 85.71 },
    },
    recent: { received, success, errors: 2 * INVALID, successRate: 85.71, turnedAway: 2 * STRANGERS },
  });
  for (const host of hosts) {
    const answer = await host.request(`/api/integrations/${id}/history?hours=2`);
    const { hours } = historySchema.parse(await answer.json());
    const sum = (name: 'received' | 'success' | 'invalid' | 'turnedAway') =>
      hours.reduce((all, hour) => all + hour[name], 0);
    expect([sum('received'), sum('success'), sum('invalid'), sum('turnedAway')]).toEqual([
      received,
      success,
      2 * INVALID,
      2 * STRANGERS,
    ]);
  }
});
