import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { compilePlugin } from '@patchbay/plugin-sdk/compile/compile-plugin';
import { newId, type DestinationId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { manifestSchema } from '@patchbay/plugin-sdk/contract/manifest';
import { subscriptionFilterSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { claimDeliveries } from '@patchbay/host/delivery/claim';
import { createDeliveryFixture, type DeliveryFixture } from '@patchbay/host/delivery/delivery-fixture';
import { readDelivery } from '@patchbay/host/delivery/delivery-queries';
import type { DeliveryWorker } from '@patchbay/host/delivery/delivery-worker';
import { changeDestination, createDestination } from '@patchbay/host/delivery/destinations';
import { dispatchOutbox } from '@patchbay/host/delivery/dispatch-outbox';
import { Lease } from '@patchbay/host/delivery/lease';
import { runConnector } from '@patchbay/host/delivery/run-connector';
import { putSecret } from '@patchbay/host/secrets/secret-store';
import { openStore, type Store } from '@patchbay/host/store/open-store';
import { startJira, type JiraStandIn } from '../fakes/jira/jira-server.ts';
import { eachDatabase } from '../support/databases.ts';
import { until } from '../support/until.ts';

const folder = fileURLToPath(new URL('../../plugins/jira/', import.meta.url));
const EMAIL = 'bot@example.com';
const TOKEN = 'token-of-the-bot-0123456789';

const when = (what: string, condition: () => Promise<boolean>) =>
  until(what, async () => ((await condition()) ? true : undefined));

eachDatabase('the Jira connector, delivered by the host', (newDatabase) => {
  let store: Store;
  let sandbox: Sandbox;
  let fixture: DeliveryFixture;
  let jira: JiraStandIn;
  let worker: DeliveryWorker | null = null;
  let installationId: InstallationId;
  let destinationId: DestinationId;

  beforeAll(async () => {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(`${folder}plugin.json`, 'utf8')));
    const compiled = await compilePlugin({ entry: `${folder}src/index.ts`, manifest });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
    sandbox = createSandbox({ loadModule: () => Promise.resolve(compiled.wasm), processes: 1 });
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, sandbox);
    jira = await startJira({ email: EMAIL, apiToken: TOKEN });

    installationId = newId('installation');
    const { groupId } = fixture;
    const configuration = {
      siteUrl: jira.url,
      email: EMAIL,
      projectKey: 'OPS',
      issueType: 'Task',
      labels: [],
      priorities: {},
      doneTransition: '',
    };
    await store.db
      .insertInto('installations')
      .values({
        group_id: groupId,
        installation_id: installationId,
        plugin_id: manifest.id,
        version: manifest.version,
        module_sha256: compiled.sha256,
        package_sha256: compiled.sha256,
        manifest: JSON.stringify(manifest),
        integration_type: null,
        environment: 'production',
        state: 'enabled',
        configuration: JSON.stringify(configuration),
        consent_digest: '',
        installed_by: 'test',
      })
      .execute();
    await setToken(TOKEN);
    destinationId = await createDestination(store.db, {
      groupId,
      kind: 'connector',
      name: 'Jira',
      environment: 'production',
      installationId,
      filter: subscriptionFilterSchema.parse({}),
    });
    await fixture.hurry(destinationId, { retryScheduleMs: [30] });
  });

  afterEach(async () => {
    await worker?.stop();
    worker = null;
    jira.requests.length = 0;
    expect(fixture.failures).toEqual([]);
  });
  afterAll(async () => {
    await sandbox.close();
    await jira.close();
    await fixture.close();
    await store.close();
  });

  const setToken = (value: string) =>
    putSecret(store.db, fixture.vault, {
      groupId: fixture.groupId,
      environment: 'production',
      ownerKind: 'installation',
      ownerId: installationId,
      name: 'apiToken',
      value,
    });
  const creations = () => jira.requests.filter(({ operation }) => operation === 'createIssue');
  /** The only delivery of an incident. */
  const only = async (incidentId: string) => (await fixture.deliveries()).find((row) => row.incident_id === incidentId);
  const finished = (incidentId: string) =>
    when('the ticket', async () => {
      const state = (await only(incidentId))?.state;
      return state === 'delivered' || state === 'dead';
    });

  it('opens an issue and links it to the incident', async () => {
    worker = await fixture.startWorker();
    const incident = await fixture.newIncident();
    await fixture.change(incident, 'incident.opened');
    await finished(incident);
    const row = await only(incident);
    expect(row).toMatchObject({ state: 'delivered', attempts: 1, plugin_id: 'patchbay/jira' });
    expect(row?.linked?.key).toMatch(/^OPS-\d+$/);
    expect(creations()).toHaveLength(1);
    const shown = await readDelivery(store.db, fixture.vault, fixture.groupId, row!.delivery_id);
    expect(shown?.attemptList[0]?.requests.map(({ method, status }) => [method, status])).toContainEqual(['POST', 201]);
    expect(JSON.stringify(shown)).not.toContain(TOKEN);
    const raw = await store.db.selectFrom('journal_asks').selectAll().execute();
    expect(raw.some(({ request }) => Buffer.from(request).includes('rest/api/3'))).toBe(false);
  });

  it('finds its issue again when the answer to the creation was lost', async () => {
    jira.faults.drop('createIssue');
    worker = await fixture.startWorker();
    const incident = await fixture.newIncident();
    await fixture.change(incident, 'incident.opened');
    await finished(incident);
    expect(await only(incident)).toMatchObject({ state: 'delivered' });
    expect(creations()).toHaveLength(1);
  });

  it('sends nothing twice when the worker dies after the creation', async () => {
    const incident = await fixture.newIncident();
    await fixture.change(incident, 'incident.opened');
    await dispatchOutbox(store.db);
    const [claim] = await claimDeliveries(store.db, 1, 'healthy');
    if (claim === undefined) throw new Error('nothing was claimed');
    const lease = new Lease(store.db, claim);
    const { vault, egress, clock, callErrors } = fixture;
    const world = { db: store.db, vault, egress, clock, callErrors, publicUrl: '' };
    // The worker dies the moment Jira has made the issue: its lease is lost before the answer can be recorded.
    const dying = {
      ...world,
      sandbox,
      egress: {
        ...fixture.egress,
        async send(request: Parameters<typeof fixture.egress.send>[0]) {
          const result = await fixture.egress.send(request);
          if (request.url.endsWith('/issue') && request.method === 'POST')
            await store.db
              .updateTable('deliveries')
              .set({ claim_id: null, lease_until: new Date(0) })
              .where('delivery_id', '=', claim.deliveryId)
              .execute();
          return result;
        },
      },
    };
    const row = await store.db
      .selectFrom('installations')
      .selectAll()
      .where('installation_id', '=', installationId)
      .executeTakeFirstOrThrow();
    const plugin = { manifest: row.manifest, moduleSha256: row.module_sha256, configuration: row.configuration };
    await expect(runConnector(dying, claim, plugin, lease)).rejects.toThrow();
    lease.end();
    expect(creations()).toHaveLength(1);

    worker = await fixture.startWorker();
    await finished(incident);
    expect(await only(incident)).toMatchObject({ state: 'delivered' });
    expect(creations()).toHaveLength(1);
  });

  it('tries again after 5xx and keeps what was done', async () => {
    jira.faults.fail('createIssue', 503, 2);
    worker = await fixture.startWorker();
    const incident = await fixture.newIncident();
    await fixture.change(incident, 'incident.opened');
    await when('the throttle', async () => (await fixture.destination(destinationId)).open_until !== null);
    const free = setInterval(() => {
      void store.db.updateTable('destinations').set({ open_until: null, next_due_at: new Date() }).execute();
    }, 100);
    await finished(incident).finally(() => clearInterval(free));
    const row = await only(incident);
    expect(row).toMatchObject({ state: 'delivered', attempts: 3 });
    expect(creations().map(({ status }) => status)).toEqual([503, 503, 201]);
    const keys = creations().map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(3);
  });

  it('waits for a person when the token is refused, then goes on with the new one', async () => {
    await setToken('an-old-token-0123456789');
    worker = await fixture.startWorker();
    const incident = await fixture.newIncident();
    await fixture.change(incident, 'incident.opened');
    await when('attention', async () => (await fixture.destination(destinationId)).state === 'attention');
    expect(await only(incident)).toMatchObject({ state: 'retrying', code: 'DESTINATION_NEEDS_ATTENTION' });
    await setToken(TOKEN);
    await changeDestination(store.db, fixture.groupId, destinationId, 'connector', { state: 'active' });
    worker.wake();
    await finished(incident);
    expect(await only(incident)).toMatchObject({ state: 'delivered' });
  });

  it('moves the issue to done when the incident is resolved, after the ticket exists', async () => {
    jira.faults.slow('createIssue', 300);
    worker = await fixture.startWorker();
    const incident = await fixture.newIncident();
    await fixture.change(incident, 'incident.opened');
    await fixture.change(incident, 'incident.resolved');
    await when('both', async () => {
      const rows = (await fixture.deliveries()).filter((row) => row.incident_id === incident);
      return rows.length === 2 && rows.every(({ state }) => state === 'delivered');
    });
    expect(creations()).toHaveLength(1);
    const [transition] = jira.requests.filter(({ operation }) => operation === 'transition');
    expect(transition?.status).toBe(204);
  });
});
