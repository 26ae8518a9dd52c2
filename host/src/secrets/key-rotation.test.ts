import { randomBytes } from 'node:crypto';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eachDatabase } from '../../../test/support/databases.ts';
import { until } from '../../../test/support/until.ts';
import { createDeliveryFixture, startReceiver, type DeliveryFixture } from '../delivery/delivery-fixture.ts';
import { readDelivery } from '../delivery/delivery-queries.ts';
import { sealedJournals } from '../delivery/sealed-journals.ts';
import { loadSessionSecret, sealedSessionSecret } from '../identity/session-secret.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { checkHostKeys } from './check-host-keys.ts';
import { beginRotation, remainingIn, startKeyRotation, type KeyRotation } from './key-rotation.ts';
import { sealedSecrets } from './sealed-secrets.ts';
import { readSecrets } from './secret-store.ts';
import { createVault, HostKeyMissing } from './vault.ts';

const noSandbox: Sandbox = {
  run: () => Promise.reject(new Error('no connector is delivered here')),
  close: () => Promise.resolve(),
};
const places = [sealedSecrets, sealedJournals, sealedSessionSecret];

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
  });
  afterAll(async () => {
    await receiver.close();
    await fixture.close();
    await store.close();
  });

  const undelivered = async () => (await fixture.deliveries()).filter(({ state }) => state !== 'delivered').length;
  const allDelivered = (count: number) =>
    until(`${count} deliveries`, async () =>
      (await fixture.deliveries()).length >= count && (await undelivered()) === 0 ? true : undefined,
    );

  it('fails no delivery while hosts with both keys serve, and afterwards the former key is not needed', async () => {
    const sessionSecret = await loadSessionSecret(store.db, createVault(first), first);
    for (let i = 0; i < 4; i++) await fixture.webhook(`${receiver.url}/${i}`);
    // Two hosts: the one was given the new key already, the other only knows it.
    const behind = await fixture.startWorker(4, createVault(first, [second]));
    for (let i = 0; i < 5; i++) await fixture.change(await fixture.newIncident(), 'incident.opened');
    await allDelivered(20);
    const vault = createVault(second, [first]);
    const ahead = await fixture.startWorker(4, vault);
    const left = await remainingIn(store.db, vault, places);
    expect(left['secrets']).toBe(4);
    expect(left['journals']).toBeGreaterThanOrEqual(40);

    const start = () => startKeyRotation({ store, vault, places, log, rows: 3 });
    let rotations: KeyRotation[] = await Promise.all([start(), start()]);
    const begin = (id: string) => beginRotation(store.db, { id, keyId: vault.keyId, by: 'user:ann', part: 'secrets' });
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
    const finished = await until('the rotation', async () => {
      const row = await store.db.selectFrom('key_rotations').selectAll().executeTakeFirstOrThrow();
      return row.finished_at === null ? undefined : row;
    });
    await allDelivered(48);
    for (const rotation of rotations) await rotation.stop();
    await ahead.stop();

    expect(finished).toMatchObject({ unreadable: 0, claim_id: null });
    expect(finished.rewrapped).toBeGreaterThanOrEqual(45);
    expect((await fixture.deliveries()).map(({ attempts }) => attempts)).toEqual(Array.from({ length: 48 }, () => 1));
    expect([...fixture.failures, ...failures]).toEqual([]);

    const alone = createVault(second);
    await checkHostKeys(store.db, alone);
    expect(Object.values(await remainingIn(store.db, alone, places))).toEqual([0, 0, 0]);
    for (const { delivery_id } of await fixture.deliveries())
      expect(await readDelivery(store.db, alone, fixture.groupId, delivery_id)).toMatchObject({ state: 'delivered' });
    for (const row of await store.db.selectFrom('secrets').selectAll().execute()) {
      const owner = { ...row, groupId: row.group_id, ownerKind: row.owner_kind, ownerId: row.owner_id };
      expect((await readSecrets(store.db, alone, owner))[0]?.value).toMatch(/^whsec_/);
      expect(row.key_id).toBe(alone.keyId);
    }
    expect(await loadSessionSecret(store.db, alone, second)).toBe(sessionSecret);
  }, 300_000);

  it('is refused the start by what it cannot open, with the name of the key', async () => {
    const former = createVault(first);
    await expect(checkHostKeys(store.db, former)).rejects.toThrow(HostKeyMissing);
    await expect(checkHostKeys(store.db, former)).rejects.toThrow(createVault(second).keyId);
  });
});
