import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { createReceiptClock } from '../../ingest/receipt-clock.ts';
import { openTestDoor, trigger, type TestDoor, type TestIntegration } from '../../ingest/test-door.ts';
import { createLiveHub } from '../../live/live-hub.ts';
import { addTestDestination } from '../../delivery/test-destination.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { readHealth } from '../health.ts';
import { startWatch, takeTurn } from './start-watch.ts';
import { watchRound } from './watch-round.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const PUBLIC_URL = 'https://patchbay.example.com';
const ALWAYS_UP = 0;

eachDatabase('watching integrations', (newDatabase) => {
  let store: Store;
  let door: TestDoor;

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    door = await openTestDoor(store);
  });
  afterAll(async () => {
    await door.close();
    await store.close();
  });

  /** Hours in which something came every ten minutes, the last of it at `until`. */
  const talked = async (
    { groupId, integrationId }: TestIntegration,
    until: number,
    { days = 7, everyHours = 1, received = 6, accepted = 6 } = {},
  ) => {
    const last = Math.floor(until / HOUR_MS) * HOUR_MS;
    const rows = [];
    for (let hour = last; hour > until - days * DAY_MS; hour -= everyHours * HOUR_MS)
      rows.push({
        group_id: groupId,
        integration_id: integrationId,
        hour: new Date(hour),
        received,
        accepted,
        first_at: new Date(hour),
        last_at: new Date(hour === last ? until : hour + 59 * MINUTE_MS),
        longest_gap_ms: 10 * MINUTE_MS,
      });
    await store.db.insertInto('integration_hours').values(rows).execute();
    // Long ago enough for everything that these tests look at.
    await change({ groupId, integrationId }, { watched_since: new Date(0) });
  };
  const change = async (
    { groupId, integrationId }: Pick<TestIntegration, 'groupId' | 'integrationId'>,
    set: { watched_since?: Date; watch?: boolean; state?: 'enabled' | 'disabled'; name?: string; removed_at?: Date },
  ) =>
    store.db
      .updateTable('integrations')
      .set(set)
      .where('group_id', '=', groupId)
      .where('integration_id', '=', integrationId)
      .execute();
  const incidents = (groupId: GroupId) =>
    store.db
      .selectFrom('incidents')
      .selectAll()
      .where('group_id', '=', groupId)
      .where('type', '=', 'patchbay')
      .orderBy('incident_id')
      .execute();
  const statuses = async (groupId: GroupId) => (await incidents(groupId)).map(({ status }) => status);
  const look = (now = Date.now(), upSince = ALWAYS_UP) =>
    watchRound({ db: store.db, clock: createReceiptClock(() => now), publicUrl: PUBLIC_URL }, now, upSince);
  const resolveByHand = async (groupId: GroupId, at: Date) => {
    await store.db
      .updateTable('incidents')
      .set({ status: 'resolved', resolved_at: at })
      .where('group_id', '=', groupId)
      .execute();
  };

  describe('for silence', () => {
    it('opens one incident that says what was usual, and resolves it when the sender is heard again', async () => {
      const integration = await door.addIntegration();
      await change(integration, { name: 'Checkout alerts' });
      await addTestDestination(store.db, integration.groupId);
      const silentSince = Date.now() - 2 * HOUR_MS;
      await talked(integration, silentSince);
      expect([...(await look())]).toContain(integration.groupId);
      await look();
      const [incident, ...more] = await incidents(integration.groupId);
      expect(more).toEqual([]);
      expect(incident).toMatchObject({
        status: 'open',
        type: 'patchbay',
        dedup_key: `silent-${integration.integrationId}`,
        service_id: integration.serviceId,
        severity: 'error',
        summary: expect.stringMatching(/^“Checkout alerts” is silent: nothing came for 2 h [01] min$/) as string,
        links: [{ href: `${PUBLIC_URL}/integrations/${integration.integrationId}`, text: 'Checkout alerts' }],
        event_count: 1,
      });
      expect(incident?.custom_details).toMatchObject({
        silentSince: new Date(silentSince).toISOString(),
        usualLongestSilence: '10 minutes',
        usualRequestsPerHour: 6,
        turnedAwaySince: 0,
        whatToDo: expect.stringContaining('switch the watch off') as string,
      });
      const health = await readHealth(store.db, integration.groupId, Date.now());
      expect(health).toMatchObject({
        status: 'degraded',
        integrations: [{ status: 'degraded', alerts: [{ kind: 'silent', incidentId: incident?.incident_id }] }],
      });

      expect((await door.post(integration, trigger('alive'))).status).toBe(202);
      await look();
      await look();
      expect(await statuses(integration.groupId)).toEqual(['resolved']);
      const changes = await store.db
        .selectFrom('outbox')
        .select(['change_type', 'integration_type'])
        .where('incident_id', '=', incident!.incident_id)
        .orderBy('seq')
        .execute();
      expect(changes).toEqual([
        { change_type: 'incident.opened', integration_type: 'patchbay' },
        { change_type: 'incident.resolved', integration_type: 'patchbay' },
      ]);
    });

    it('says when what comes is turned away at the door, which is no sign of life', async () => {
      const integration = await door.addIntegration();
      await talked(integration, Date.now() - 2 * HOUR_MS);
      const wrong = { ...integration, key: 'pbk_of-before' };
      for (let n = 0; n < 3; n++) expect((await door.post(wrong, trigger('x'))).status).toBe(401);
      await vi.waitFor(async () => {
        const rows = await store.db
          .selectFrom('requests')
          .select('code')
          .where('group_id', '=', integration.groupId)
          .execute();
        expect(rows).toHaveLength(3);
      }, 10_000);
      await look();
      await door.post(wrong, trigger('x'));
      await look();
      const [incident] = await incidents(integration.groupId);
      expect(incident).toMatchObject({ status: 'open', custom_details: { turnedAwaySince: 3 } });
      expect(incident?.custom_details['whatToDo']).toContain('the last with KEY_INVALID');
    });

    it('waits for twice the longest silence of the week, and for a quarter of an hour at least', async () => {
      const now = Date.now();
      const [often, daily, patient] = [
        await door.addIntegration(),
        await door.addIntegration(),
        await door.addIntegration(),
      ];
      await talked(often, now - 19 * MINUTE_MS);
      await talked(patient, now - 21 * MINUTE_MS);
      // From the end of one hour to the beginning of one a day later: 23 h 1 min.
      await talked(daily, now - 46 * HOUR_MS, { everyHours: 24, received: 5, accepted: 5 });
      await look(now);
      expect([await statuses(often.groupId), await statuses(daily.groupId)]).toEqual([[], []]);
      expect(await statuses(patient.groupId)).toEqual(['open']);
      await look(now + 3 * HOUR_MS);
      expect([await statuses(often.groupId), await statuses(daily.groupId)]).toEqual([['open'], ['open']]);
    });

    it('says nothing of those of which too little is known', async () => {
      const until = Date.now() - 5 * HOUR_MS;
      const [young, seldom, never] = [
        await door.addIntegration(),
        await door.addIntegration(),
        await door.addIntegration(),
      ];
      await talked(young, until, { days: 4 });
      await talked(seldom, until, { everyHours: 10, received: 1, accepted: 1 });
      await look();
      await look(Date.now() + 3 * DAY_MS);
      for (const { groupId } of [young, seldom, never]) expect(await statuses(groupId)).toEqual([]);
    });

    it('says nothing of those that are switched off, whose watch is, or whose plugin is, and ends what it said', async () => {
      const all = [
        await door.addIntegration(),
        await door.addIntegration(),
        await door.addIntegration(),
        await door.addIntegration(),
      ] as const;
      const [off, unwatched, without, removed] = all;
      for (const integration of all) await talked(integration, Date.now() - 5 * HOUR_MS);
      const toOff = async () => {
        await change(off, { state: 'disabled' });
        await change(unwatched, { watch: false });
        await change(removed, { removed_at: new Date() });
        await store.db
          .updateTable('installations')
          .set({ state: 'disabled' })
          .where('group_id', '=', without.groupId)
          .execute();
      };
      await toOff();
      await look();
      for (const { groupId } of all) expect(await statuses(groupId)).toEqual([]);
      await change(off, { state: 'enabled' });
      await change(unwatched, { watch: true });
      await store.db
        .updateTable('installations')
        .set({ state: 'enabled' })
        .where('group_id', '=', without.groupId)
        .execute();
      await look();
      for (const { groupId } of [off, unwatched, without]) expect(await statuses(groupId)).toEqual(['open']);
      await toOff();
      await look();
      for (const { groupId } of [off, unwatched, without]) expect(await statuses(groupId)).toEqual(['resolved']);
    });

    it('counts from when it was switched on, and from when the host was up again', async () => {
      const now = Date.now();
      const integration = await door.addIntegration();
      await talked(integration, now - 5 * HOUR_MS);
      await change(integration, { watched_since: new Date(now - 18 * MINUTE_MS) });
      await look(now);
      await change(integration, { watched_since: new Date(0) });
      await look(now, now - 18 * MINUTE_MS);
      expect(await statuses(integration.groupId)).toEqual([]);
      await look(now, now - 21 * MINUTE_MS);
      expect(await statuses(integration.groupId)).toEqual(['open']);
    });

    it('does not open again for a silence that somebody has called over', async () => {
      const integration = await door.addIntegration();
      await talked(integration, Date.now() - 5 * HOUR_MS);
      await look();
      await resolveByHand(integration.groupId, new Date());
      await look(Date.now() + DAY_MS);
      expect(await statuses(integration.groupId)).toEqual(['resolved']);
    });
  });

  describe('for failures', () => {
    const HALF_PAST = Date.parse('2026-03-02T10:30:00Z');
    const hour = async (
      { groupId, integrationId }: TestIntegration,
      hoursLater: number,
      numbers: { received: number; accepted: number; invalid?: number; turned_away?: number },
    ) =>
      store.db
        .insertInto('integration_hours')
        .values({
          group_id: groupId,
          integration_id: integrationId,
          hour: new Date(Math.floor(HALF_PAST / HOUR_MS) * HOUR_MS + hoursLater * HOUR_MS),
          last_at: new Date(HALF_PAST + hoursLater * HOUR_MS),
          ...numbers,
        })
        .onConflict((conflict) => conflict.columns(['group_id', 'integration_id', 'hour']).doUpdateSet(numbers))
        .execute();
    const failures = async (groupId: GroupId) =>
      (await incidents(groupId))
        .filter(({ dedup_key }) => dedup_key.startsWith('failing-'))
        .map(({ status }) => status);
    const usually = (integration: TestIntegration, received = 6, accepted = 6) =>
      talked(integration, HALF_PAST - 2 * HOUR_MS, { received, accepted });

    it('opens one incident when many more fail than usual, and resolves it when they do not', async () => {
      const integration = await door.addIntegration();
      await usually(integration, 10, 9);
      await hour(integration, -1, { received: 6, accepted: 6 });
      await hour(integration, 0, { received: 13, accepted: 4, invalid: 9 });
      await look(HALF_PAST);
      expect(await failures(integration.groupId)).toEqual([]);
      await hour(integration, 0, { received: 40, accepted: 28, invalid: 12 });
      await look(HALF_PAST);
      await look(HALF_PAST + MINUTE_MS);
      const [incident, ...more] = await incidents(integration.groupId);
      expect(more).toEqual([]);
      expect(incident).toMatchObject({
        status: 'open',
        dedup_key: `failing-${integration.integrationId}`,
        severity: 'error',
        summary: '“Test” fails: 12 of its last 40 requests',
        custom_details: { failed: 12, succeeded: 28, failedPercent: 30, usuallyFailedPercent: 10 },
        event_count: 1,
      });
      await hour(integration, 1, { received: 10, accepted: 7, invalid: 3 });
      await look(HALF_PAST + HOUR_MS);
      expect(await failures(integration.groupId)).toEqual(['open']);
      await hour(integration, 1, { received: 15, accepted: 13, invalid: 2 });
      await look(HALF_PAST + HOUR_MS);
      expect(await failures(integration.groupId)).toEqual(['resolved']);
    });

    it('says nothing of a part that is not far above the usual, of few, of strangers, nor with too little history', async () => {
      const usual = await door.addIntegration();
      await usually(usual, 10, 5);
      await hour(usual, 0, { received: 100, accepted: 31, invalid: 69 });
      const few = await door.addIntegration();
      await usually(few);
      await hour(few, 0, { received: 9, accepted: 0, invalid: 9 });
      const besieged = await door.addIntegration();
      await usually(besieged);
      await hour(besieged, 0, { received: 20, accepted: 20, turned_away: 100_000 });
      const young = await door.addIntegration();
      await hour(young, 0, { received: 1000, accepted: 0, invalid: 1000 });
      const off = await door.addIntegration();
      await usually(off);
      await hour(off, 0, { received: 100, accepted: 0, invalid: 100 });
      await change(off, { state: 'disabled' });
      await look(HALF_PAST);
      for (const { groupId } of [usual, few, besieged, young, off]) expect(await failures(groupId)).toEqual([]);
      await hour(usual, 0, { received: 100, accepted: 30, invalid: 70 });
      await hour(few, 0, { received: 10, accepted: 0, invalid: 10 });
      await look(HALF_PAST);
      for (const { groupId } of [usual, few]) expect(await failures(groupId)).toEqual(['open']);
    });

    it('opens again after somebody has resolved it only for an hour that began later', async () => {
      const integration = await door.addIntegration();
      await usually(integration);
      await hour(integration, 0, { received: 50, accepted: 0, invalid: 50 });
      await look(HALF_PAST);
      await resolveByHand(integration.groupId, new Date(HALF_PAST + MINUTE_MS));
      await look(HALF_PAST + 2 * MINUTE_MS);
      await look(HALF_PAST + HOUR_MS);
      expect(await failures(integration.groupId)).toEqual(['resolved']);
      await hour(integration, 1, { received: 50, accepted: 0, invalid: 50 });
      await look(HALF_PAST + HOUR_MS);
      expect(await failures(integration.groupId)).toEqual(['resolved', 'open']);
    });

    it('ends when nothing comes any more', async () => {
      const integration = await door.addIntegration();
      await usually(integration);
      await hour(integration, 0, { received: 50, accepted: 0, invalid: 50 });
      await look(HALF_PAST);
      await look(HALF_PAST + HOUR_MS);
      expect(await failures(integration.groupId)).toEqual(['open']);
      await look(HALF_PAST + 2 * HOUR_MS);
      expect(await failures(integration.groupId)).toEqual(['resolved']);
    });
  });

  describe('by several hosts', () => {
    const turn = (at: number, upSince: number) => {
      const value = JSON.stringify({ at, upSince });
      return store.db
        .insertInto('settings')
        .values({ name: 'integrations.watch', value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    };

    it('gives the turn to one of them', async () => {
      await store.db.deleteFrom('settings').where('name', '=', 'integrations.watch').execute();
      const first = await Promise.all([1, 2, 3, 4].map(() => takeTurn(store.db, MINUTE_MS)));
      const [taken, ...others] = first.filter((one) => one !== null);
      expect(others).toEqual([]);
      expect(taken?.upSince).toBe(taken?.at);
      const minuteAgo = Date.now() - MINUTE_MS;
      await turn(minuteAgo, 5);
      const second = await Promise.all([1, 2, 3, 4].map(() => takeTurn(store.db, MINUTE_MS)));
      expect(second.filter((one) => one !== null)).toEqual([{ at: expect.any(Number) as number, upSince: 5 }]);
    });

    it('begins anew after a time without any', async () => {
      await turn(Date.now() - HOUR_MS, 5);
      const taken = await takeTurn(store.db, MINUTE_MS);
      expect(taken?.upSince).toBe(taken?.at);
    });

    it('opens one incident', async () => {
      const integration = await door.addIntegration();
      await talked(integration, Date.now() - 5 * HOUR_MS);
      await turn(Date.now() - MINUTE_MS, ALWAYS_UP);
      const warned: unknown[] = [];
      for (const host of [1, 2, 3])
        onTestFinished(
          startWatch({
            store,
            hub: createLiveHub(),
            clock: createReceiptClock(),
            publicUrl: PUBLIC_URL,
            log: { warn: (fields) => void warned.push([host, fields]) },
            everyMs: 20,
          }),
        );
      await vi.waitFor(async () => expect(await statuses(integration.groupId)).toEqual(['open']), 20_000);
      await door.post(integration, trigger('alive'));
      await vi.waitFor(async () => expect(await statuses(integration.groupId)).toEqual(['resolved']), 20_000);
      expect(await statuses(integration.groupId)).toEqual(['resolved']);
      expect(warned).toEqual([]);
    });

    it('opens one incident also when two look at the same moment', async () => {
      const integration = await door.addIntegration();
      await talked(integration, Date.now() - 5 * HOUR_MS);
      await Promise.all([look(), look(), look()]);
      expect(await statuses(integration.groupId)).toEqual(['open']);
    });
  });
});
