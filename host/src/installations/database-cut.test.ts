import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { requiredChecks } from '@patchbay/plugin-sdk/checks/check-result';
import { firstBrokenEntry } from '@patchbay/registry/log/decision-log';
import { approveSubmission } from '@patchbay/registry/publish/approve';
import { resumeStuckChecks } from '@patchbay/registry/publish/check-watchdog';
import { publishPackage } from '@patchbay/registry/publish/publish-package';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { CuttableProxy, type CutWhen } from '../../../test/support/cuttable-proxy.ts';
import { postgresDatabases } from '../../../test/support/databases.ts';
import { makePackage, releaseEnvelope, type TestPackage } from '../../../test/support/plugin-packages.ts';
import { until } from '../../../test/support/until.ts';
import { isDatabaseGone } from '../store/database-errors.ts';
import { openRegistryServer, type RegistryServer } from './registry-server.ts';

const newDatabase = postgresDatabases();
const tools = keptCheckTools();
const LEASE_OVER_MS = 3 * 60 * 1000;
/** Far above what publishing asks of the database: it only ends a test that would never end. */
const QUERIES_MAX = 200;

let proxy: CuttableProxy;
let server: RegistryServer;
let clock = new Date();
let duringChecks: () => Promise<void> = () => Promise.resolve();
let annToken: string;
let ritaToken: string;

beforeAll(async () => {
  const { databaseUrl = '', ...rest } = await newDatabase();
  proxy = await CuttableProxy.open(databaseUrl);
  const checked = new Map<string, ReturnType<typeof tools.reproduce>>();
  server = await openRegistryServer({
    database: { ...rest, databaseUrl: proxy.through(databaseUrl) },
    now: () => clock,
    // The same bytes compile to the same module: once is enough for as often as the database is cut.
    checkTools: {
      ...tools,
      async reproduce(subject) {
        await duringChecks();
        const known = checked.get(subject.sha256) ?? tools.reproduce(subject);
        checked.set(subject.sha256, known);
        return known;
      },
    },
  });
  annToken = await server.person('Ann', ['author']);
  ritaToken = await server.person('Rita', ['reviewer']);
});
afterAll(async () => {
  await proxy.restore();
  await closePluginRuns();
  await server.close();
  await proxy.close();
});

/** Has it back, and waits until the pool has noticed which of its connections are gone. */
async function restore(): Promise<void> {
  await proxy.restore();
  await until('the database', () =>
    sql`select 1`.execute(server.registry.db).then(
      () => true,
      () => undefined,
    ),
  );
}

const publish = (made: TestPackage) =>
  publishPackage(server.registry, {
    bytes: made.bytes,
    envelope: releaseEnvelope(made, server.author),
    publicKey: server.author.publicKey,
    publisher: { name: 'user:ann', claims: true },
  });

/** What there is of a version, as the database has it. */
async function standing(made: TestPackage) {
  const { db } = server.registry;
  const submission = await db
    .selectFrom('registry_submissions')
    .select(['submission_id', 'state'])
    .where('plugin_id', '=', made.id)
    .where('version', '=', made.version)
    .executeTakeFirst();
  const versions = await db
    .selectFrom('registry_versions')
    .select('version')
    .where('plugin_id', '=', made.id)
    .execute();
  const passes = await db
    .selectFrom('registry_checks')
    .select('name')
    .where('submission_id', '=', submission?.submission_id ?? '')
    .where('outcome', '=', 'passed')
    .execute();
  return { submissionId: submission?.submission_id, state: submission?.state, versions, passes: passes.length };
}

/** Does something while the database goes away at its n-th query, for every n that it has. @returns how many it has */
async function cutAtEveryQuery(
  when: CutWhen,
  work: () => Promise<unknown>,
  afterwards: (query: number) => Promise<void>,
): Promise<number> {
  for (let query = 1; query < QUERIES_MAX; query++) {
    proxy.cutAt(query, when);
    const failure = await work().then(
      () => undefined,
      (error: unknown) => error,
    );
    const unharmed = proxy.disarm();
    await restore();
    if (failure !== undefined) expect(failure).toSatisfy(isDatabaseGone);
    await afterwards(query);
    if (unharmed) return query - 1;
  }
  throw new Error('It asks without end.');
}

const moments: CutWhen[] = ['unsent', 'unanswered'];

it.each(moments)(
  'a publish that is cut off at any query (%s) leaves nothing live, and goes on by itself',
  async (when) => {
    const made = await makePackage(`acme/cut-${when}`);
    const cut = await cutAtEveryQuery(
      when,
      () => publish(made),
      async () => {
        const before = await standing(made);
        expect(before.versions).toEqual([]);
        if (before.state === 'in_review') expect(before.passes).toBe(requiredChecks.length);
        // What was taken is checked without anybody's doing; what was not is uploaded again.
        clock = new Date(clock.getTime() + LEASE_OVER_MS);
        await resumeStuckChecks(server.registry);
        const resumed = await standing(made);
        if (before.state !== undefined) expect(resumed).toMatchObject({ state: 'in_review', versions: [] });
        expect(await publish(made)).toMatchObject({ ok: true, state: 'in_review' });
        expect((await standing(made)).passes).toBe(requiredChecks.length);
        await forget(made);
      },
    );
    expect(cut).toBeGreaterThan(8);
  },
);

it.each(moments)('an approval that is cut off at any query (%s) is whole or not there', async (when) => {
  const made = await makePackage(`acme/approved-${when}`);
  let submissionId = '';
  const submitAnew = async () => {
    const outcome = await publish(made);
    submissionId = outcome.ok ? outcome.submissionId : '';
  };
  await submitAnew();
  const cut = await cutAtEveryQuery(
    when,
    () => approveSubmission(server.registry, submissionId, 'user:rita'),
    async () => {
      const { state, versions } = await standing(made);
      expect(versions).toHaveLength(state === 'published' ? 1 : 0);
      if (state !== 'published') {
        expect(state).toBe('in_review');
        expect(await approveSubmission(server.registry, submissionId, 'user:rita')).toEqual({ ok: true });
      }
      expect(await standing(made)).toMatchObject({ state: 'published', passes: requiredChecks.length });
      expect(await firstBrokenEntry(server.registry.db, server.registry.key.publicKey)).toBeUndefined();
      await forget(made);
      await submitAnew();
    },
  );
  expect(cut).toBeGreaterThan(8);
});

async function forget({ id }: TestPackage): Promise<void> {
  const { db } = server.registry;
  const own = db.selectFrom('registry_submissions').select('submission_id').where('plugin_id', '=', id);
  await db.deleteFrom('registry_versions').where('plugin_id', '=', id).execute();
  await db.deleteFrom('registry_plugins').where('plugin_id', '=', id).execute();
  for (const table of ['registry_checks', 'registry_approvals', 'registry_submission_events'] as const)
    await db.deleteFrom(table).where('submission_id', 'in', own).execute();
  await db.deleteFrom('registry_submissions').where('plugin_id', '=', id).execute();
}

it('answers 503 with Retry-After while it is away, and still gives packages to who was known before', async () => {
  const live = await makePackage('shop/live');
  const { submissionId } = (await (await server.upload(annToken, live)).json()) as { submissionId: string };
  const approval = `/api/registry/submissions/${submissionId}/approve`;
  const waiting = await makePackage('shop/waiting');
  const packagePath = `/api/registry/packages/${live.sha256}`;
  expect((await server.get(ritaToken, packagePath)).status).toBe(200);

  await proxy.cut();
  const refused = [
    server.upload(annToken, waiting),
    server.post(ritaToken, approval, { sha256: live.sha256, note: 'Read.' }),
    server.get(ritaToken, '/api/registry/plugins'),
    server.get(ritaToken, '/api/registry/submissions'),
    server.get('pbt_of-nobody', packagePath),
  ];
  for (const answer of await Promise.all(refused)) {
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ error: { code: 'DATABASE_UNAVAILABLE' } });
  }
  const given = await server.get(ritaToken, packagePath);
  expect(given.status).toBe(200);
  expect(Buffer.from(await given.arrayBuffer()).equals(live.bytes)).toBe(true);

  await restore();
  expect((await server.upload(annToken, waiting)).status).toBe(201);
  expect((await server.post(ritaToken, approval, { sha256: live.sha256, note: 'Read.' })).status).toBe(200);
  expect((await server.get('pbt_of-nobody', packagePath)).status).toBe(401);
});

it('that goes away while the checks run answers 503, and the checks are made again when it is back', async () => {
  const made = await makePackage('shop/midway');
  duringChecks = () => proxy.cut();
  const answer = await server.upload(annToken, made);
  duringChecks = () => Promise.resolve();
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  await restore();
  expect(await standing(made)).toMatchObject({ state: 'checking', versions: [], passes: 0 });
  clock = new Date(clock.getTime() + LEASE_OVER_MS);
  await resumeStuckChecks(server.registry);
  expect(await standing(made)).toMatchObject({ state: 'in_review', passes: requiredChecks.length });
});
