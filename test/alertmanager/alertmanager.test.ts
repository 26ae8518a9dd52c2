import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { incidentSchema, type Incident } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { until } from '../support/until.ts';
import { installedAlertmanager, startAlertmanager, type Alertmanager } from './alertmanager.ts';

const name = 'a real Alertmanager';
if (installedAlertmanager === undefined) {
  console.log('Skipped: no prometheus-alertmanager is installed (Debian: apt-get install prometheus-alertmanager).');
}

describe.skipIf(installedAlertmanager === undefined)(name, () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  let alertmanager: Alertmanager;
  let integrationId: string;

  beforeAll(async () => {
    host = await startHost(await newHostData());
    const created = await host.request('/api/integrations', { body: { type: 'prometheus', name: 'Alertmanager' } });
    expect(created.status, await created.clone().text()).toBe(201);
    const { id, url, key } = integrationSchema.pick({ id: true, url: true, key: true }).parse(await created.json());
    integrationId = id;
    alertmanager = await startAlertmanager(installedAlertmanager ?? '', { url, key: key ?? '' });
  });

  afterAll(async () => {
    await alertmanager?.stop();
    await host?.stop();
  });

  it('opens an incident with its alert and resolves it with the same', async () => {
    const alert = {
      labels: { alertname: 'DiskAlmostFull', severity: 'critical', instance: 'db-1:9100', job: 'node' },
      annotations: { summary: 'db-1 has 3 % of its disk left' },
      startsAt: new Date().toISOString(),
    };
    await alertmanager.post(alert);
    const opened = await seeOne((incident) => incident.status === 'open');
    expect(opened.severity).toBe('critical');
    expect(opened.summary).toContain('db-1 has 3 % of its disk left');
    expect(opened.type).toBe('prometheus');
    expect(opened.resolvedAt).toBeNull();

    await alertmanager.post({ ...alert, endsAt: new Date().toISOString() });
    const resolved = await seeOne((incident) => incident.status === 'resolved');
    expect(resolved.id).toBe(opened.id);
    expect(resolved.dedupKey).toBe(opened.dedupKey);
    expect(resolved.resolvedAt).not.toBeNull();
  });

  it('opens a second incident when the alert comes back', async () => {
    const labels = { alertname: 'Flapping', severity: 'warning', instance: 'web-7' };
    const startedAt = new Date().toISOString();
    await alertmanager.post({ labels, startsAt: startedAt });
    const first = await seeOne((incident) => incident.status === 'open');
    await alertmanager.post({ labels, startsAt: startedAt, endsAt: new Date().toISOString() });
    await seeOne((incident) => incident.id === first.id && incident.status === 'resolved');

    await alertmanager.post({ labels, startsAt: new Date().toISOString() });
    const second = await seeOne((incident) => incident.status === 'open');
    expect(second.id).not.toBe(first.id);
    expect(second.dedupKey).toBe(first.dedupKey);
  });

  async function seeOne(wanted: (incident: Incident) => boolean): Promise<Incident> {
    try {
      return await until('the incident', async () => (await incidents()).find(wanted));
    } catch (error) {
      throw new Error(`${String(error)}\n${alertmanager.output()}\n${host.output()}`, { cause: error });
    }
  }

  async function incidents(): Promise<Incident[]> {
    const answer = await host.request(`/api/incidents?integrationId=${integrationId}`);
    return z.object({ items: z.array(incidentSchema) }).parse(await answer.json()).items;
  }
});
