import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { alertmanagerBody, postAlert } from '../support/alertmanager-alert.ts';
import { startedHostData } from '../support/databases.ts';
import { startHost } from '../support/host-process.ts';
import { until } from '../support/until.ts';

const newHostData = startedHostData();
const incidents = z.object({ items: z.array(z.object({ summary: z.string() })) });
const requests = z.object({ items: z.array(z.object({ state: z.string(), code: z.string().nullable() })) });
const runs = z.object({ items: z.array(z.object({ plugin: z.string(), errors: z.record(z.string(), z.number()) })) });

it('takes alerts while the module of a plugin was changed on disk, says so, and loses none', async () => {
  const data = await newHostData();
  const first = await startHost(data);
  const made = await first.request('/api/integrations', { body: { type: 'prometheus', name: 'Shop' } });
  const integration = integrationSchema.parse(await made.json());
  await first.stop();

  const folder = join(data.dataFolder, 'modules', 'modules');
  const before = new Map<string, Buffer>();
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    before.set(file, await readFile(file));
    await writeFile(file, Buffer.concat([await readFile(file), Buffer.from([0, 1, 0])]));
  }
  const host = await startHost(data);
  onTestFinished(async () => void (await host.stop()));
  const url = new URL(integration.url);
  const at = new URL(url.pathname + url.search, host.url).href;
  await postAlert(
    at,
    integration.key ?? '',
    alertmanagerBody({ fingerprint: 'f1', severity: 'critical', summary: 'The shop is shut' }),
  );
  const read = async <T>(path: string, schema: z.ZodType<T>) => schema.parse(await (await host.request(path)).json());
  const waiting = async () =>
    (await read(`/api/integrations/${integration.id}/requests`, requests)).items.find(
      ({ state }) => state === 'pending',
    );
  expect(await until('the waiting request', waiting)).toMatchObject({ code: 'MODULE_UNVERIFIED' });
  const { items } = await read('/api/plugin-runs', runs);
  expect(items.find(({ plugin }) => plugin === 'patchbay/prometheus')?.errors.MODULE_UNVERIFIED).toBeGreaterThan(0);

  for (const [file, bytes] of before) await writeFile(file, bytes);
  const incident = await until('the incident', async () => (await read('/api/incidents', incidents)).items[0]);
  expect(incident.summary).toBe('The shop is shut');
});
