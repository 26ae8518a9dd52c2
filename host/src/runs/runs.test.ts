import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type GroupId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import { ownPluginErrorsSchema, pluginRunsListSchema, type PluginRuns } from '@patchbay/plugin-sdk/contract/rest/runs';
import { createSandbox, type ProcessSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { echo, loaderOf, runOf, textModule, type TestModule } from '@patchbay/plugin-sdk/sandbox/test-modules';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { ApiError } from '../api/api-error.ts';
import type { Actor } from '../api/access.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { CallErrors } from './call-errors.ts';
import { keepQuarantine, loadQuarantines } from './quarantine-store.ts';
import { runRoutes } from './run-routes.ts';

const trap = textModule('(func (export "ingest") (result i32) (unreachable))');

eachDatabase('runs of plugins', (newDatabase) => {
  let store: Store;
  let app: FastifyInstance;
  let sandbox: ProcessSandbox;
  const mine = newId('group');
  const theirs = newId('group');
  let actor = { groupId: mine, name: 'user:ann', userId: 'ann' } as Actor;
  const callErrors = new CallErrors();
  let own: string[] = [];
  const installations = new Map<string, InstallationId>();

  async function install(name: string, groupId: GroupId, module: TestModule, plugin = name): Promise<void> {
    const installation_id = newId('installation');
    installations.set(name, installation_id);
    await store.db
      .insertInto('installations')
      .values({
        group_id: groupId,
        installation_id,
        plugin_id: `acme/${plugin}`,
        version: '1.2.3',
        module_sha256: module.sha256,
        package_sha256: '0'.repeat(64),
        manifest: '{}',
        integration_type: null,
        environment: 'production',
        state: 'enabled',
        configuration: '{}',
        consent_digest: '',
        installed_by: 'user:ann',
      })
      .execute();
  }
  const installation = (name: string): string => installations.get(name) ?? '';
  const run = (name: string, group: GroupId, module: TestModule, input = '{}') =>
    sandbox.run(runOf(module, input, { group, installation: installation(name) }));
  const list = async (): Promise<PluginRuns[]> =>
    pluginRunsListSchema.parse((await app.inject({ url: '/api/plugin-runs' })).json()).items;
  const release = (name: string) =>
    app.inject({ method: 'POST', url: `/api/installations/${installation(name)}/release` });

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    const { db } = store;
    for (const group_id of [mine, theirs]) await db.insertInto('groups').values({ group_id, name: 'A' }).execute();
    await install('echo', mine, echo);
    await install('trap', mine, trap);
    await install('their-trap', theirs, trap);
    sandbox = createSandbox({
      loadModule: loaderOf(echo, trap),
      onQuarantine: (quarantine) => void keepQuarantine(db, quarantine),
    });
    app = Fastify();
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    app.setErrorHandler((error, _request, reply) => {
      if (error instanceof ApiError) return reply.code(error.status).send(error.envelope());
      throw error;
    });
    app.decorateRequest('actor', { getter: () => actor });
    await app.register(runRoutes({ db, sandbox, callErrors, ownPlugins: () => Promise.resolve(own) }) as never);
  });
  afterAll(async () => {
    await app.close();
    await sandbox.close();
    await store.close();
  });

  it('are shown to their group: runs, errors, CPU time, memory', async () => {
    for (let i = 0; i < 3; i++) await run('echo', mine, echo);
    await run('trap', mine, trap, 'first');
    await run('their-trap', theirs, trap, 'first');
    expect(await list()).toMatchObject([
      { plugin: 'acme/echo', version: '1.2.3', runs: 3, errors: {}, memoryBytesMax: 65_536, quarantine: null },
      { plugin: 'acme/trap', runs: 1, errors: { PLUGIN_TRAP: 1 }, strikes: { cpu: 0, trap: 1 }, quarantine: null },
    ]);
  });

  it('can be scraped by Prometheus', async () => {
    const answer = await app.inject({ url: '/metrics' });
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const labels = `plugin="acme/echo",version="1.2.3",installation="${installation('echo')}"`;
    expect(answer.body).toContain(
      `# TYPE patchbay_plugin_runs_total counter\npatchbay_plugin_runs_total{${labels}} 3\n`,
    );
    expect(answer.body).toContain('code="PLUGIN_TRAP"} 1\n');
    expect(answer.body).not.toContain('their-trap');
    for (const line of answer.body.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{([a-z]+="[^"]*",?)+\} [0-9.e+-]+)$/);
  });

  it('are shown with what went wrong around them', async () => {
    for (const code of ['EGRESS_TIMEOUT', 'STORE_FULL', 'EGRESS_TIMEOUT', 'CONFLICT', 'of the plugin itself'])
      callErrors.count(mine, installations.get('echo') ?? null, code);
    callErrors.count(theirs, installations.get('their-trap') ?? null, 'SECRET_REFLECTED');
    expect((await list()).map((of) => of.callErrors)).toEqual([{ EGRESS_TIMEOUT: 2, STORE_FULL: 1 }, {}]);
    const { body } = await app.inject({ url: '/metrics' });
    expect(body).toContain('# TYPE patchbay_plugin_call_errors_total counter\n');
    expect(body).toContain(`installation="${installation('echo')}",code="EGRESS_TIMEOUT"} 2\n`);
    expect(body).not.toContain('SECRET_REFLECTED');
  });

  it('say to an author how often a version failed for several groups, and nothing of fewer', async () => {
    const mineErrors = async () =>
      ownPluginErrorsSchema.parse((await app.inject({ url: '/api/plugin-runs/mine' })).json());
    own = ['acme/shared'];
    for (const number of [1, 2, 3]) {
      const group_id = newId('group');
      await store.db
        .insertInto('groups')
        .values({ group_id, name: `Group ${number}` })
        .execute();
      await install(`shared-${number}`, group_id, trap, 'shared');
      expect(await run(`shared-${number}`, group_id, trap, `of ${number}`)).toMatchObject({ code: 'PLUGIN_TRAP' });
      callErrors.count(group_id, installations.get('shared-1') ?? null, 'STORE_FULL');
      expect((await mineErrors()).items.length).toBe(number < 3 ? 0 : 1);
    }
    const said = await mineErrors();
    // STORE_FULL was counted under one installation's own group only: nobody else had it.
    expect(said).toEqual({
      items: [{ plugin: 'acme/shared', version: '1.2.3', code: 'PLUGIN_TRAP', count: 3 }],
      leftOut: 1,
      fewestGroups: 3,
    });
    own = ['acme/other'];
    expect(await mineErrors()).toMatchObject({ items: [], leftOut: 0 });
  });

  it('are held back after too many strikes, also by a sandbox that is made later, until a person releases them', async () => {
    for (let i = 1; i < sandboxLimits.strikesToQuarantine; i++) await run('trap', mine, trap, `${i}`);
    expect(await run('trap', mine, trap)).toMatchObject({ status: 'failed', code: 'PLUGIN_QUARANTINED' });
    const held = await until('the quarantine', async () =>
      (await list()).find(({ quarantine }) => quarantine !== null),
    );
    expect(held).toMatchObject({ plugin: 'acme/trap', quarantine: { reason: 'trap', strikes: 5 } });
    const audited = await store.db
      .selectFrom('audit_log')
      .selectAll()
      .where('action', '=', 'plugin.quarantined')
      .execute();
    expect(audited).toMatchObject([{ group_id: mine, actor: 'host', target: installation('trap') }]);

    const later = createSandbox({ loadModule: loaderOf(trap), quarantined: await loadQuarantines(store.db) });
    const request = runOf(trap, '{}', { group: mine, installation: installation('trap') });
    expect(await later.run(request)).toMatchObject({ code: 'PLUGIN_QUARANTINED' });
    await later.close();
    expect(await run('their-trap', theirs, trap)).toMatchObject({ code: 'PLUGIN_TRAP' });

    actor = { ...actor, groupId: theirs };
    expect((await release('trap')).statusCode).toBe(404);
    actor = { ...actor, groupId: mine };
    expect((await release('trap')).json()).toEqual({ released: true });
    expect((await release('trap')).json()).toEqual({ released: false });
    expect(await loadQuarantines(store.db)).toEqual([]);
    expect(await run('trap', mine, trap)).toMatchObject({ code: 'PLUGIN_TRAP' });
  });
});
