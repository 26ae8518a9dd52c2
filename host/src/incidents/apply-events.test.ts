import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type GroupId, type ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import { eachDatabase } from '../../../test/support/databases.ts';
import { addTestDestination } from '../delivery/test-destination.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { transact } from '../store/transact.ts';
import { applyEvents } from './apply-events.ts';
import type { FoldAction } from './fold.ts';
import { listIncidents, showIncident } from './incident-queries.ts';
import type { KeyedEvent } from './keyed-event.ts';

const START = 1_750_000_000_000_000;

eachDatabase('events in the database', (newDatabase) => {
  let store: Store;
  let groupId: GroupId;
  let serviceId: ServiceId;
  beforeAll(async () => {
    store = await openStore(await newDatabase());
    groupId = newId('group');
    serviceId = newId('service');
    await store.db.insertInto('groups').values({ group_id: groupId, name: 'G' }).execute();
    await store.db
      .insertInto('services')
      .values({ group_id: groupId, service_id: serviceId, name: 'S', is_default: true })
      .execute();
  });
  afterAll(() => store.close());

  const event = (dedupKey: string, order: number, action: FoldAction): KeyedEvent => ({
    id: newId('event'),
    groupId,
    serviceId,
    serviceName: 'S',
    environment: 'production',
    type: 'test',
    dedupKey,
    order: START + order,
    ordinal: 0,
    action,
    problem:
      action === 'trigger'
        ? { severity: 'error', summary: 's', source: 'x', customDetails: { b: 1, a: [1.5, null] }, links: [] }
        : null,
    severity: null,
    summary: null,
    payload: '{}',
    requestId: null,
    integrationId: null,
    actor: null,
    note: null,
  });
  const staged = (dedupKey: string, order: number, action: FoldAction): KeyedEvent => ({
    ...event(dedupKey, order, action),
    environment: 'staging',
  });
  const apply = (events: readonly KeyedEvent[]) =>
    transact(store.db, (trx) => applyEvents(trx, events, 'https://patchbay.example.com'));
  const statusOf = async (dedupKey: string): Promise<string> => {
    const rows = await store.db
      .selectFrom('incidents')
      .select('status')
      .where('group_id', '=', groupId)
      .where('dedup_key', '=', dedupKey)
      .where('status', '<>', 'resolved')
      .execute();
    expect(rows.length).toBeLessThanOrEqual(1);
    return rows[0]?.status ?? 'none';
  };

  const program = fc
    .array(fc.constantFrom<FoldAction>('trigger', 'acknowledge', 'resolve'), { minLength: 2, maxLength: 8 })
    .chain((actions) =>
      fc.record({
        actions: fc.constant(actions),
        order: fc.shuffledSubarray([...actions.keys()], { minLength: actions.length }),
        cuts: fc.array(fc.boolean(), { minLength: actions.length, maxLength: actions.length }),
      }),
    );

  it('are recorded for delivery where somebody subscribes, in the group and environment', async () => {
    const applied = (environment: (...of: Parameters<typeof event>) => KeyedEvent, order: number) =>
      apply([environment(`told ${order}`, order, 'trigger')]);
    expect(await applied(event, 1)).toMatchObject({ changes: 1, queued: 0 });
    const destination = await addTestDestination(store.db, groupId);
    expect(await applied(event, 2)).toMatchObject({ changes: 1, queued: 1 });
    expect(await applied(staged, 3)).toMatchObject({ changes: 1, queued: 0 });
    const setState = (state: 'paused' | 'disabled') =>
      store.db.updateTable('destinations').set({ state }).where('destination_id', '=', destination).execute();
    await setState('paused');
    expect(await applied(event, 4)).toMatchObject({ changes: 1, queued: 1 });
    await setState('disabled');
    expect(await applied(event, 5)).toMatchObject({ changes: 1, queued: 0 });
    const rows = await store.db.selectFrom('outbox').select('change').orderBy('seq').execute();
    expect(rows.map(({ change }) => change.incident.dedupKey)).toEqual(['told 2', 'told 4']);
    for (const table of ['outbox', 'destinations'] as const) await store.db.deleteFrom(table).execute();
  });

  it('of one key in two environments are two incidents, and neither ends the other', async () => {
    await addTestDestination(store.db, groupId);
    await addTestDestination(store.db, groupId, 'staging');
    await apply([event('two', 1, 'trigger'), staged('two', 2, 'trigger')]);
    await apply([staged('two', 3, 'resolve')]);
    await apply([event('two', 4, 'trigger'), staged('two', 5, 'resolve')]);
    const rows = await store.db
      .selectFrom('incidents')
      .select(['environment', 'status', 'event_count'])
      .where('dedup_key', '=', 'two')
      .orderBy('environment')
      .execute();
    expect(rows).toEqual([
      { environment: 'production', status: 'open', event_count: 2 },
      { environment: 'staging', status: 'resolved', event_count: 3 },
    ]);
    const filter = { statuses: [], severities: [], dedupKey: 'two' };
    const shown = async (environment?: Environment) =>
      (await listIncidents(store.db, groupId, { ...filter, environment }, 10))
        .map((row) => showIncident(row, []).environment)
        .toSorted();
    expect(await shown()).toEqual(['production', 'staging']);
    expect(await shown('staging')).toEqual(['staging']);
    expect(await shown('development')).toEqual([]);
    const changes = await store.db
      .selectFrom('outbox')
      .select(['environment', 'change_type', 'change'])
      .orderBy('seq')
      .execute();
    expect(changes.map(({ environment, change_type }) => [environment, change_type])).toEqual([
      ['production', 'incident.opened'],
      ['staging', 'incident.opened'],
      ['staging', 'incident.resolved'],
    ]);
    expect(changes.map(({ change }) => change.incident.environment)).toEqual(['production', 'staging', 'staging']);
    await store.db.deleteFrom('outbox').execute();
  });

  it('of a late resolve are read in their own environment', async () => {
    await apply([event('late', 10, 'trigger'), staged('late', 10, 'trigger')]);
    await apply([event('late', 30, 'trigger')]);
    await apply([staged('late', 40, 'trigger')]);
    await apply([event('late', 20, 'resolve')]);
    const { rows } = await sql<{ environment: string; opened_order: number }>`
      select environment, opened_order from incidents where dedup_key = 'late' and status <> 'resolved'
      order by environment`.execute(store.db);
    expect(rows.map(({ environment, opened_order }) => [environment, opened_order - START])).toEqual([
      ['production', 30],
      ['staging', 10],
    ]);
  });

  it('end as in order of receipt, however they are delayed and batched', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(program, async ({ actions, order, cuts }) => {
        const name = `p${run++}`;
        await apply(actions.map((action, index) => event(`${name}-in-order`, index, action)));
        let batch: KeyedEvent[] = [];
        for (const [position, index] of order.entries()) {
          batch.push(event(`${name}-delayed`, index, actions[index]!));
          if (!cuts[position] && position < order.length - 1) continue;
          await apply(batch);
          batch = [];
        }
        expect(await statusOf(`${name}-delayed`)).toBe(await statusOf(`${name}-in-order`));
      }),
      { numRuns: 60 },
    );
  });

  it('of the same and of other keys in opposite orders at once neither double nor deadlock', async () => {
    const keys = Array.from({ length: 20 }, (_, n) => `c${n}`);
    await Promise.all(
      Array.from({ length: 16 }, (_, n) => {
        const events = keys.map((key) => event(key, 1000 + n, 'trigger'));
        return apply(n % 2 === 0 ? events : events.reverse());
      }),
    );
    const rows = await store.db
      .selectFrom('incidents')
      .select(['dedup_key', 'event_count', 'number'])
      .where('group_id', '=', groupId)
      .where('dedup_key', 'in', keys)
      .execute();
    expect(rows).toHaveLength(20);
    expect(rows.every((row) => row.event_count === 16)).toBe(true);
    expect(new Set(rows.map((row) => row.number)).size).toBe(20);
  });

  it('that say nothing new change nothing that subscribers hear of', async () => {
    await apply([event('same', 1, 'trigger')]);
    await apply([event('same', 2, 'trigger')]);
    const rows = await store.db
      .selectFrom('events')
      .select('effect')
      .where('group_id', '=', groupId)
      .where('dedup_key', '=', 'same')
      .orderBy('received_order')
      .execute();
    expect(rows.map((row) => row.effect)).toEqual(['opened', 'repeated']);
  });
});
