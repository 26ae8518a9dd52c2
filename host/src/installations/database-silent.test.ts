import { afterAll, beforeAll, expect, it } from 'vitest';
import { requiredChecks } from '@patchbay/plugin-sdk/checks/check-result';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { resumeStuckChecks } from '@patchbay/registry/publish/check-watchdog';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { postgresDatabases } from '../../../test/support/databases.ts';
import { makePackage } from '../../../test/support/plugin-packages.ts';
import { openSilenceableProxy } from '../../../test/support/silenceable-proxy.ts';
import { openRegistryServer, type RegistryServer } from './registry-server.ts';

const newDatabase = postgresDatabases();
const tools = keptCheckTools();
const SILENCE_MS = 4_000;
const LEASE_OVER_MS = 3 * 60 * 1000;
/** More than there are connections: some wait for one that never comes free. */
const UPLOADS = 14;

let proxy: Awaited<ReturnType<typeof openSilenceableProxy>>;
let server: RegistryServer;
let clock = new Date();
let duringChecks = () => {};
let annToken: string;

beforeAll(async () => {
  const { databaseUrl = '', ...rest } = await newDatabase();
  const through = new URL(databaseUrl);
  proxy = await openSilenceableProxy(Number(through.port));
  through.port = String(proxy.port);
  server = await openRegistryServer({
    database: { ...rest, databaseUrl: through.href, silenceMs: SILENCE_MS },
    now: () => clock,
    checkTools: {
      ...tools,
      reproduce(subject) {
        duringChecks();
        return tools.reproduce(subject);
      },
    },
  });
  annToken = await server.person('Ann', ['author']);
});
afterAll(async () => {
  proxy?.speak();
  await closePluginRuns();
  await server?.close();
  proxy?.close();
});

async function expectUnavailable(answer: Response): Promise<void> {
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ error: { code: 'DATABASE_UNAVAILABLE' } });
}

it('a database that takes connections and answers nothing is a 503, until it answers again', async () => {
  expect((await server.upload(annToken, await makePackage('shop/before'))).status).toBe(201);
  const made = await makePackage('shop/silent');
  proxy.hush();
  const answers = await Promise.all(Array.from({ length: UPLOADS }, () => server.upload(annToken, made)));
  for (const answer of answers) await expectUnavailable(answer);
  // Also when no connection is left of those that were open.
  await expectUnavailable(await server.upload(annToken, made));

  proxy.speak();
  expect((await server.upload(annToken, made)).status).toBe(201);
});

it('one that falls silent while the checks run leaves nothing live, and the checks are made again', async () => {
  const made = await makePackage('shop/midway');
  duringChecks = () => proxy.hush();
  await expectUnavailable(await server.upload(annToken, made));
  duringChecks = () => {};
  proxy.speak();

  const { db } = server.registry;
  const standing = () =>
    db.selectFrom('registry_submissions').select('state').where('plugin_id', '=', made.id).executeTakeFirstOrThrow();
  expect(await standing()).toEqual({ state: 'checking' });
  clock = new Date(clock.getTime() + LEASE_OVER_MS);
  await resumeStuckChecks(server.registry);
  expect(await standing()).toEqual({ state: 'in_review' });
  const passes = await db
    .selectFrom('registry_checks as c')
    .innerJoin('registry_submissions as s', 's.submission_id', 'c.submission_id')
    .select('c.name')
    .where('s.plugin_id', '=', made.id)
    .where('c.outcome', '=', 'passed')
    .execute();
  expect(passes).toHaveLength(requiredChecks.length);
});
