import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { incidentSchema, type Incident } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { integrationSchema } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alertmanagerBody, postAlert } from '../support/alertmanager-alert.ts';
import { postgresDatabases, startedHostData } from '../support/databases.ts';
import { startHost, type HostOptions, type HostProcess } from '../support/host-process.ts';
import { until } from '../support/until.ts';
import { startWebhookSink, type WebhookSink } from './webhook-sink.ts';

/** Bounds one round: it ends before if the kill comes before. */
const ALERTS = 400;
const SENDERS = 16;
/** A delivery that was under way waits for the end of its lease; far above that. */
const DELIVERED_WITHIN_MS = 300_000;

const newHostData = startedHostData();
const newPostgres = postgresDatabases();

ledger('PGlite', 3, newHostData);
ledger('Postgres', 1, async () => {
  const { folder, databaseUrl = '' } = await newPostgres();
  return { dataFolder: folder, environment: { DATABASE_URL: databaseUrl } };
});

/** What was answered 202 is there after a kill: its incident, and the message that tells of it. */
function ledger(engine: string, rounds: number, newData: () => Promise<HostOptions>): void {
  describe(`a host that is killed under load (${engine})`, () => {
    let host: HostProcess;
    let options: HostOptions;
    let sink: WebhookSink;
    let integration: { id: string; key: string };
    /** Keys of alerts that were answered 202, of all rounds. */
    const accepted: string[] = [];
    let sent = 0;

    beforeAll(async () => {
      sink = await startWebhookSink();
      const data = await newData();
      const environment = { ...data.environment, EGRESS_ALLOW: '127.0.0.0/8', INTEGRATION_RATE_LIMIT: 'false' };
      host = await startHost({ ...data, environment });
      options = { ...data, environment, token: host.token };
      const created = await host.request('/api/integrations', { body: { type: 'prometheus', name: 'Ledger' } });
      expect(created.status).toBe(201);
      const { id, key } = integrationSchema.parse(await created.json());
      integration = { id, key: key ?? '' };
      const webhook = { name: 'Sink', url: sink.url, filter: { changeTypes: ['incident.opened'] } };
      expect((await host.request('/api/webhooks', { body: webhook })).status).toBe(201);
    });

    afterAll(async () => {
      await host?.stop();
      sink?.close();
    });

    it.each(Array.from({ length: rounds }, (_, at) => at + 1))(
      'keeps every accepted alert, round %i',
      async (round) => {
        const killAfter = randomInt(20, ALERTS - 100);
        const before = accepted.length;
        await loadUntilKilled(round, killAfter);
        console.log(`Round ${round}: killed after ${accepted.length - before} of ${ALERTS} alerts were answered 202.`);
        expect(accepted.length - before).toBeGreaterThanOrEqual(killAfter);

        host = await startHost(options);
        // A request whose plugin was slow is answered before it has run: its incident may come a moment later.
        const missing = async (): Promise<string[]> => {
          const present = new Set((await incidents()).map(({ dedupKey }) => dedupKey));
          return accepted.filter((key) => !present.has(key));
        };
        await until('every incident', async () => ((await missing()).length === 0 ? true : undefined)).catch(
          () => undefined,
        );
        expect(await missing()).toEqual([]);
      },
    );

    it('opened one incident for each alert, and none of nothing', async () => {
      const keys = (await incidents()).map(({ dedupKey }) => dedupKey);
      expect(new Set(keys).size).toBe(keys.length);
      // An alert that was stored and whose answer was lost is there too; a sender would send it again.
      expect(keys.length).toBeGreaterThanOrEqual(accepted.length);
      expect(keys.length).toBeLessThanOrEqual(sent);
    });

    it('tells the receiver of each at least once, always with the same id', async () => {
      const all = await incidents();
      const untold = () => all.filter(({ id }) => sink.opened(id).length === 0).map(({ dedupKey }) => dedupKey);
      await until('every message', () => (untold().length === 0 ? true : undefined), DELIVERED_WITHIN_MS).catch(
        () => undefined,
      );
      expect(untold()).toEqual([]);
      const ids = all.map(({ id }) => new Set(sink.opened(id)));
      expect(ids.filter((set) => set.size !== 1)).toEqual([]);
      expect(new Set(ids.flatMap((set) => [...set])).size).toBe(all.length);
      const messages = all.reduce((sum, { id }) => sum + sink.opened(id).length, 0);
      console.log(`${engine}: ${all.length} incidents, ${messages} messages, ${messages - all.length} repeated.`);
    });

    /** Several senders, each with one alert after the other, until the host is gone. */
    async function loadUntilKilled(round: number, killAfter: number): Promise<void> {
      let next = 0;
      let answered = 0;
      let killed: Promise<void> | undefined;
      const url = `${host.url}/api/integrations/prometheus?integrationId=${integration.id}`;
      const send = async (): Promise<void> => {
        while (next < ALERTS && killed === undefined) {
          const fingerprint = `round-${round}-alert-${next++}`;
          sent += 1;
          const body = alertmanagerBody({ fingerprint, summary: `Alert ${fingerprint}` });
          const status = await postAlert(url, integration.key, body).catch(() => null);
          if (status === null) continue;
          expect(status).toBe(202);
          accepted.push(`prometheus-${fingerprint}`);
          answered += 1;
          if (answered === killAfter) killed = sleep(randomInt(0, 30)).then(() => host.kill());
        }
      };
      await Promise.all(Array.from({ length: SENDERS }, send));
      await killed;
    }

    async function incidents(): Promise<Incident[]> {
      const found: Incident[] = [];
      const page = z.object({ items: z.array(incidentSchema), next: z.string().nullable() });
      for (let cursor: string | null = ''; cursor !== null;) {
        const answer = await host.request(
          `/api/incidents?integrationId=${integration.id}&limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`,
        );
        const { items, next } = page.parse(await answer.json());
        found.push(...items);
        cursor = next;
      }
      return found;
    }
  });
}
