import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, type GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { eachDatabase } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { prune } from './prune.ts';

const OLD = new Date('2026-01-01T00:00:00Z');
const CUT = new Date('2026-02-01T00:00:00Z');
const NEW = new Date('2026-03-01T00:00:00Z');

eachDatabase('what has outlived its time', (newDatabase) => {
  let store: Store;
  const groupId: GroupId = newId('group');

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    await store.db.insertInto('groups').values({ group_id: groupId, name: 'G' }).execute();
  });
  afterAll(() => store.close());

  const ids = {
    requests: 'request_id',
    seen_deliveries: 'delivery',
    events: 'event_id',
    deliveries: 'delivery_id',
    idempotency_keys: 'key',
    integration_hours: 'integration_id',
  } as const;
  const left = async (table: keyof typeof ids): Promise<string[]> => {
    const { rows } = await sql<{ id: string }>`
      select ${sql.ref(ids[table])} as id from ${sql.table(table)} where group_id = ${groupId} order by 1`.execute(
      store.db,
    );
    return rows.map((row) => row.id);
  };
  const request = (id: string, at: Date, state: string, many = 1) =>
    sql`
    insert into requests (group_id, request_id, integration_id, received_order, received_at, state, status, method,
      headers, query, content_type, body, remote_address, duration_micros)
    select ${groupId}, ${id} || n, 'int', n, ${at}, ${state}, 202, 'POST', '{}', '{}', '', '', '', 0
    from generate_series(1, ${many}::int) n`.execute(store.db);
  const seen = (name: string, at: Date) =>
    sql`
    insert into seen_deliveries (group_id, integration_id, delivery, request_id, status, body, seen_at)
    values (${groupId}, 'int', ${name}, 'req', 202, '', ${at})`.execute(store.db);
  const incident = (id: string, status: string) =>
    sql`
    insert into incidents (group_id, incident_id, number, service_id, environment, type, dedup_key, status, severity,
      summary, source, opened_order, last_trigger_order, opened_at, updated_at)
    values (${groupId}, ${id}, 1, 's', 'production', 't', ${id}, ${status}, 'error', '', '', 1, 1, ${OLD}, ${OLD})`.execute(
      store.db,
    );
  const event = (id: string, at: Date, incidentId: string | null) =>
    sql`
    insert into events (group_id, event_id, received_order, ordinal, received_at, service_id, environment, type,
      dedup_key, action, effect, incident_id)
    values (${groupId}, ${id}, 1, 0, ${at}, 's', 'production', 't', 'k', 'trigger', 'opened', ${incidentId})`.execute(
      store.db,
    );
  const delivery = (id: string, state: string, finished: Date | null) =>
    sql`
    insert into deliveries (group_id, delivery_id, destination_id, incident_id, change_id, change_type, change, state,
      max_attempts, due_at, created_at, finished_at)
    values (${groupId}, ${id}, 'dst', 'inc', ${id}, 'incident.opened', '{}', ${state}, 3, ${OLD}, ${OLD}, ${finished})`.execute(
      store.db,
    );

  describe('goes', () => {
    it('and what is under way stays, however old', async () => {
      await request('old-', OLD, 'accepted', 2500);
      await request('waits-', OLD, 'pending');
      await request('new-', NEW, 'accepted');
      await seen('old', OLD);
      await seen('new', NEW);
      await incident('resolved', 'resolved');
      await incident('open', 'open');
      await event('of-nothing', OLD, null);
      await event('of-resolved', OLD, 'resolved');
      await event('of-open', OLD, 'open');
      await event('young', NEW, 'resolved');
      await sql`insert into destinations (group_id, destination_id, kind, name, environment, filter, state, max_in_flight,
        max_attempts, retry_schedule_ms) values (${groupId}, 'dst', 'webhook', 'W', 'production', '{}', 'active', 1, 1, '[]')`.execute(
        store.db,
      );
      await delivery('done', 'delivered', OLD);
      await delivery('done-late', 'delivered', NEW);
      await delivery('queued', 'queued', null);
      await sql`insert into attempts (group_id, delivery_id, number, started_at, outcome)
        values (${groupId}, 'done', 1, ${OLD}, 'delivered')`.execute(store.db);
      await sql`insert into idempotency_keys (group_id, key, route, body_sha256, created_at)
        values (${groupId}, 'old', '/', '', ${OLD}), (${groupId}, 'new', '/', '', now())`.execute(store.db);

      await sql`insert into integration_hours (group_id, integration_id, hour) values (${groupId}, 'old', ${OLD}),
        (${groupId}, 'new', ${NEW}), (${groupId}, 'newest', date_trunc('hour', now()))`.execute(store.db);

      expect(await prune(store.db, CUT, () => false)).toEqual({
        requests: 2500,
        seenDeliveries: 1,
        events: 2,
        deliveries: 1,
        integrationHours: 1,
        idempotencyKeys: 1,
      });
      expect(await left('requests')).toEqual(['new-1', 'waits-1']);
      expect(await left('seen_deliveries')).toEqual(['new']);
      expect(await left('events')).toEqual(['of-open', 'young']);
      expect(await left('deliveries')).toEqual(['done-late', 'queued']);
      expect(await left('idempotency_keys')).toEqual(['new']);
      expect(await left('integration_hours')).toEqual(['new', 'newest']);
    });

    it('no further than where it is told to stop', async () => {
      await request('more-', OLD, 'ignored', 1500);
      let batches = 0;
      const { requests } = await prune(store.db, CUT, () => ++batches > 1);
      expect(requests).toBe(1000);
      expect(await left('requests')).toHaveLength(502);
    });

    it('but not the hours from which is learned what is usual, however short the retention', async () => {
      const { integrationHours } = await prune(store.db, new Date(), () => false);
      expect(integrationHours).toBe(1);
      expect(await left('integration_hours')).toEqual(['newest']);
    });
  });
});
