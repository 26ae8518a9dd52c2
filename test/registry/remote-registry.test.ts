import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { incidentSchema } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { alertmanagerBody, postAlert } from '../support/alertmanager-alert.ts';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';
import { until } from '../support/until.ts';

const installations = z.object({
  items: z.array(z.object({ id: z.string(), plugin: z.string(), version: z.string(), state: z.string() })),
});

type Paths = Record<string, Record<string, { description: string; responses: object; summary?: string }>>;

/** What `npm run registry` starts, and a host that has its plugins from there. */
describe('a registry elsewhere', () => {
  // What a first start has published lies there already, so that the registry does not publish it once more.
  const newHostData = startedHostData();
  let registry: HostProcess;
  let host: HostProcess;

  beforeAll(async () => {
    registry = await startHost({ ...(await newHostData()), script: 'host/start/registry.mjs' });
    host = await startHost({
      environment: { PATCHBAY_REGISTRY_URL: registry.url, PATCHBAY_REGISTRY_TOKEN: registry.token },
    });
  });
  afterAll(async () => {
    await host?.stop();
    await registry?.stop();
  });

  const read = async <T>(from: HostProcess, path: string, schema: z.ZodType<T>): Promise<T> =>
    schema.parse(await (await from.request(path)).json());
  const stateOf = async (plugin: string) =>
    (await read(host, '/api/installations', installations)).items.find((one) => one.plugin === plugin)?.state;

  it('serves packages and no incidents', async () => {
    expect((await registry.request('/api/registry/plugins')).status).toBe(200);
    expect((await registry.request('/api/incidents')).status).toBe(404);
    expect(await (await registry.request('/api/session')).json()).toMatchObject({ registryOnly: true });
  });

  it('describes what another registry would mirror, bytes and refusals too', async () => {
    const { paths } = (await (await registry.request('/api/docs/json')).json()) as { paths: Paths };
    for (const path of [
      ...['/key', '/plugins', '/plugins/{namespace}/{name}', '/packages/{sha256}', '/revocations/signed'],
      ...['/log', '/log/head'],
    ])
      expect(paths[`/api/registry${path}`]?.['get'], path).toMatchObject({ summary: expect.stringMatching(/^[A-Z]/) });
    expect(paths['/api/registry/packages/{sha256}']).toMatchObject({
      get: { responses: { 200: { content: { 'application/gzip': { schema: { format: 'binary' } } } } } },
    });
    expect(paths['/api/registry/plugins']?.['post']).toMatchObject({
      requestBody: { content: { 'application/gzip': {} } },
      description: 'For authors of the registry, and its admins.',
    });
    const registryPaths = Object.entries(paths).filter(([path]) => path.startsWith('/api/registry/'));
    expect(registryPaths.length).toBeGreaterThan(30);
    for (const [path, methods] of registryPaths)
      for (const [method, { responses, description }] of Object.entries(methods)) {
        expect(responses, `${method} ${path}`).toHaveProperty('default');
        expect(description, `${method} ${path}`).toMatch(/^For /);
      }
  });

  it('gives a new host its plugins, which take alerts there', async () => {
    expect(await stateOf('patchbay/prometheus')).toBe('enabled');
    const made = await host.request('/api/integrations', { body: { type: 'prometheus', name: 'Shop' } });
    const integration = integrationSchema.parse(await made.json());
    const alert = { fingerprint: 'f1', severity: 'critical', summary: 'The shop is shut' };
    await postAlert(integration.url, integration.key ?? '', alertmanagerBody(alert));
    const incident = await until('the incident', async () => {
      const { items } = await read(host, '/api/incidents', z.object({ items: z.array(incidentSchema) }));
      return items[0];
    });
    expect(incident.summary).toBe('The shop is shut');
    const seen = await read(
      registry,
      '/api/registry/plugins?q=prometheus',
      z.object({ items: z.array(z.object({ id: z.string(), installs: z.int() })) }),
    );
    expect(seen.items.find(({ id }) => id === 'patchbay/prometheus')?.installs).toBeGreaterThan(0);
  });

  it('stops a plugin on the host when it is revoked in the registry, and knows that it reached the host', async () => {
    const { items } = await read(host, '/api/installations', installations);
    const version = items.find(({ plugin }) => plugin === 'patchbay/sentry')?.version ?? '';
    const revoked = await registry.request('/api/registry/revocations', {
      body: { plugin: 'patchbay/sentry', range: version, kind: 'hard', reason: 'It was found to be bad.' },
    });
    expect(revoked.status, await revoked.text()).toBe(201);
    await until('the revocation', async () => ((await stateOf('patchbay/sentry')) === 'enabled' ? undefined : true));
    await until('the meter', async () => {
      const answer = await registry.request('/api/registry/revocations');
      const { hosts } = z.object({ hosts: z.object({ known: z.int(), reached: z.int() }) }).parse(await answer.json());
      return hosts.reached > 0 || undefined;
    });
  });

  it('that is away leaves running plugins alone, and is named where something is wanted from it', async () => {
    await registry.kill();
    const answer = await host.request('/api/plugins');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain(registry.url);
    expect(await stateOf('patchbay/prometheus')).toBe('enabled');
  });
});
