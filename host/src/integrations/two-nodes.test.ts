import { expect, it, onTestFinished } from 'vitest';
import { postgresDatabases } from '../../../test/support/databases.ts';
import { openTestDoor } from '../ingest/test-door.ts';
import { openStore } from '../store/open-store.ts';
import { readHealth } from './health.ts';

const newDatabase = postgresDatabases();

it('what two nodes on one Postgres count at the same time adds up', async () => {
  const database = await newDatabase();
  const stores = [await openStore(database), await openStore(database)] as const;
  const doors = [await openTestDoor(stores[0]), await openTestDoor(stores[1])] as const;
  onTestFinished(async () => {
    for (const door of doors) await door.close();
    for (const store of stores) await store.close();
  });
  const integration = await doors[0].addIntegration();
  const ping = (n: number) => doors[0].take(integration, { ping: n });
  const invalid = (n: number) => doors[0].take(integration, n);
  // The plugin of the test lives in the first node; the second turns strangers away.
  const stranger = () => doors[1].take({ ...integration, key: 'pbk_wrong' }, {});
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => [ping(n), ...(n % 10 === 0 ? [invalid(n)] : []), stranger()]).flat(),
  );
  await Promise.all(doors.map((door) => door.ingest.close()));
  for (const { db } of stores)
    expect(await readHealth(db, integration.groupId, Date.now())).toMatchObject({
      global: { totalReceived: 44, totalSuccess: 40, totalErrors: 4, successRate: 90.91 },
      recent: { received: 44, success: 40, errors: 4, turnedAway: 40 },
    });
});
