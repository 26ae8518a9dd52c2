import { randomBytes } from 'node:crypto';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { keptAnswerContext } from '../api/idempotency.ts';
import { sealedAnswers } from '../api/sealed-answers.ts';
import { createDeliveryFixture, startReceiver, type DeliveryFixture } from '../delivery/delivery-fixture.ts';
import { readDelivery } from '../delivery/delivery-queries.ts';
import { sealedJournals } from '../delivery/sealed-journals.ts';
import { sealedTokens } from '../effects/credentials/sealed-tokens.ts';
import { createTokenKeeper } from '../effects/credentials/token-keeper.ts';
import { loadSessionSecret, sealedSessionSecret } from '../identity/session-secret.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { checkHostKeys } from './check-host-keys.ts';
import { beginRotation, remainingIn, startKeyRotation, type KeyRotation } from './key-rotation.ts';
import { sealedSecrets } from './sealed-secrets.ts';
import { readSecrets } from './secret-store.ts';
import { createVault, HostKeyMissing, type Vault } from './vault.ts';

const noSandbox: Sandbox = {
  run: () => Promise.reject(new Error('no connector is delivered here')),
  close: () => Promise.resolve(),
};
const places = [sealedSecrets, sealedTokens, sealedJournals, sealedAnswers, sealedSessionSecret];
/** Only ends a test that would never end. */
const WITHIN_MS = 300_000;

eachDatabase('the rotation of the host key', (newDatabase) => {
  const [first, second] = [randomBytes(32), randomBytes(32)];
  let store: Store;
  let fixture: DeliveryFixture;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  const failures: object[] = [];
  const log = { info: () => undefined, error: (fields: object) => void failures.push(fields) };

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    fixture = await createDeliveryFixture(store, noSandbox, createVault(first));
    receiver = await startReceiver((_received, response) => void response.writeHead(200).end('noted'));
  }, WITHIN_MS);
  afterAll(async () => {
    await receiver.close();
    await fixture.close();
    await store.close();
  });

  const installationId = newId('installation');

  async function keepAnswer(vault: Vault): Promise<void> {
    const [key, route] = ['key', 'POST /api/things'];
    const sealed = vault.seal('{"made":1}', keptAnswerContext(fixture.groupId, key, route));
    await store.db
      .insertInto('idempotency_keys')
      .values({
        group_id: fixture.groupId,
        key,
        route,
        body_sha256: '',
        status: 200,
        response: JSON.stringify(sealed.toString('base64')),
      })
      .execute();
    await store.db
      .insertInto('installations')
      .values({
        group_id: fixture.groupId,
        installation_id: installationId,
        plugin_id: 'acme/tickets',
        version: '1.0.0',
        module_sha256: '0'.repeat(64),
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

  /** The token that is kept, or this one when there is none that opens. */
  async function tokenOf(vault: Vault, fresh: string): Promise<string> {
    const keeper = createTokenKeeper(store.db, vault, {
      groupId: fixture.groupId,
      environment: 'production',
      ownerKind: 'installation',
      ownerId: installationId,
    });
    const obtain = () =>
      Promise.resolve({ ok: true as const, token: fresh, expiresAt: new Date(Date.now() + 3_600_000) });
    const got = await keeper.get({ name: 'login', source: 'a', refused: null, obtain });
    return got.ok ? got.token : got.message;
  }

  const undelivered = async () => (await fixture.deliveries()).filter(({ state }) => state !== 'delivered').length;
  const allDelivered = (count: number) =>
    until(
      `${count} deliveries`,
      async () => ((await fixture.deliveries()).length >= count && (await undelivered()) === 0 ? true : undefined),
      WITHIN_MS,
    );

  it(
    'fails no delivery while hosts with both keys serve, and afterwards the former key is not needed',
    async () => {
      const sessionSecret = await loadSessionSecret(store.db, createVault(first), first);
      for (let i = 0; i < 4; i++) await fixture.webhook(`${receiver.url}/${i}`);
      await keepAnswer(createVault(first));
      const token = await tokenOf(createVault(first), 'a-token-that-was-got');
      // Two hosts: the one was given the new key already, the other only knows it.
      const behind = await fixture.startWorker(4, createVault(first, [second]));
      for (let i = 0; i < 5; i++) await fixture.change(await fixture.newIncident(), 'incident.opened');
      await allDelivered(20);
      const vault = createVault(second, [first]);
      const ahead = await fixture.startWorker(4, vault);
      const left = await remainingIn(store.db, vault, places);
      expect(left['secrets']).toBe(4);
      expect(left['journals']).toBeGreaterThanOrEqual(40);
      expect(left).toMatchObject({ tokens: 1, answers: 1, 'session secret': 1 });

      const start = () => startKeyRotation({ store, vault, places, log, rows: 3 });
      let rotations: KeyRotation[] = await Promise.all([start(), start()]);
      const begin = (id: string) =>
        beginRotation(store.db, { id, keyId: vault.keyId, by: 'user:ann', part: 'secrets' });
      expect(await begin('rot_1')).toBe(true);
      expect(await begin('rot_2')).toBe(false);
      for (const rotation of rotations) rotation.wake();
      for (let i = 0; i < 5; i++) {
        await fixture.change(await fixture.newIncident(), 'incident.opened');
        // Whoever carries it on begins where the last one was stopped.
        if (i === 2) {
          await Promise.all(rotations.map((rotation) => rotation.stop()));
          rotations = [await start()];
        }
      }
      await allDelivered(40);
      await behind.stop();
      for (let i = 0; i < 2; i++) await fixture.change(await fixture.newIncident(), 'incident.opened');
      const finished = await until(
        'the rotation',
        async () => {
          const row = await store.db.selectFrom('key_rotations').selectAll().executeTakeFirstOrThrow();
          return row.finished_at === null ? undefined : row;
        },
        WITHIN_MS,
      );
      await allDelivered(48);
      for (const rotation of rotations) await rotation.stop();
      await ahead.stop();

      expect(finished).toMatchObject({ unreadable: 0, claim_id: null });
      expect(finished.rewrapped).toBeGreaterThanOrEqual(45);
      // A second attempt is a slow receiver's; what a key did not open would be among the failures.
      expect((await fixture.deliveries()).map(({ state }) => state)).toEqual(
        Array.from({ length: 48 }, () => 'delivered'),
      );
      expect([...fixture.failures, ...failures]).toEqual([]);

      const alone = createVault(second);
      await checkHostKeys(store.db, alone);
      expect(Object.values(await remainingIn(store.db, alone, places))).toEqual([0, 0, 0, 0, 0]);
      const kept = await store.db.selectFrom('idempotency_keys').select('response').executeTakeFirstOrThrow();
      const context = keptAnswerContext(fixture.groupId, 'key', 'POST /api/things');
      expect(alone.open(Buffer.from(String(kept.response), 'base64'), context).toString()).toBe('{"made":1}');
      expect(await tokenOf(alone, 'another')).toBe(token);
      for (const { delivery_id } of await fixture.deliveries())
        expect(await readDelivery(store.db, alone, fixture.groupId, delivery_id)).toMatchObject({ state: 'delivered' });
      for (const row of await store.db.selectFrom('secrets').selectAll().execute()) {
        const owner = { ...row, groupId: row.group_id, ownerKind: row.owner_kind, ownerId: row.owner_id };
        expect((await readSecrets(store.db, alone, owner))[0]?.value).toMatch(/^whsec_/);
        expect(row.key_id).toBe(alone.keyId);
      }
      expect(await loadSessionSecret(store.db, alone, second)).toBe(sessionSecret);
    },
    4 * WITHIN_MS,
  );

  it('is refused the start by what it cannot open, with the name of the key', async () => {
    const former = createVault(first);
    await expect(checkHostKeys(store.db, former)).rejects.toThrow(HostKeyMissing);
    await expect(checkHostKeys(store.db, former)).rejects.toThrow(createVault(second).keyId);
  });
});
