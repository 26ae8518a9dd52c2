import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  newId,
  type DestinationId,
  type GroupId,
  type IncidentId,
  type ServiceId,
} from '@patchbay/plugin-sdk/contract/ids';
import type { Change, ChangeType } from '@patchbay/plugin-sdk/contract/envelopes';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import { subscriptionFilterSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { createEgress, type Egress } from '../egress/egress.ts';
import { ensureFirstGroup } from '../identity/first-start.ts';
import { createReceiptClock } from '../ingest/receipt-clock.ts';
import { createLiveHub } from '../live/live-hub.ts';
import { CallErrors } from '../runs/call-errors.ts';
import { putSecret } from '../secrets/secret-store.ts';
import { createVault, type Vault } from '../secrets/vault.ts';
import type { Store } from '../store/open-store.ts';
import { startDeliveryWorker } from './delivery-worker.ts';
import { createDestination } from './destinations.ts';
import { newWebhookSecret } from './webhook-signature.ts';

export interface Received {
  path: string;
  method: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A receiver on a port of its own; `answer` decides what each path says. */
export async function startReceiver(answer: (received: Received, response: ServerResponse) => void) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const entry = {
        path: request.url ?? '',
        method: request.method ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      received.push(entry);
      answer(entry, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A store with a group, and the means to make incidents change and destinations hear of it. */
export async function createDeliveryFixture(
  store: Store,
  sandbox: Sandbox,
  vault: Vault = createVault(randomBytes(32)),
  egress: Egress = createEgress({ allow: ['127.0.0.0/8'] }),
) {
  const { db } = store;
  const groupId: GroupId = await ensureFirstGroup(db);
  const service = await db
    .selectFrom('services')
    .select('service_id')
    .where('group_id', '=', groupId)
    .executeTakeFirstOrThrow();
  const log = { warn: () => undefined, error: (fields: object) => void failures.push(fields) };
  const failures: object[] = [];
  let number = 0;
  const clock = createReceiptClock();
  const callErrors = new CallErrors();

  return {
    groupId,
    vault,
    egress,
    clock,
    callErrors,
    failures,
    /** @param keys of the worker's host; those of the fixture when left out */
    startWorker: (slots?: number, keys = vault) =>
      startDeliveryWorker({
        store,
        vault: keys,
        egress,
        sandbox,
        hub: createLiveHub(),
        clock,
        callErrors,
        publicUrl: 'http://127.0.0.1:3000',
        log,
        ...(slots === undefined ? {} : { slots }),
      }),
    newIncident: () => insertIncident(store, groupId, service.service_id, ++number),
    change: (
      incidentId: IncidentId,
      type: ChangeType,
      customDetails: Record<string, unknown> = {},
      environment: Environment = 'production',
    ) => insertChange(store, groupId, service.service_id, incidentId, type, customDetails, environment),
    async webhook(
      url: string,
      options: {
        retryScheduleMs?: number[];
        maxAttempts?: number;
        maxInFlight?: number;
        changeTypes?: ChangeType[];
        environment?: Environment;
      } = {},
    ) {
      const filter = subscriptionFilterSchema.parse({ changeTypes: options.changeTypes ?? [] });
      const id = await createDestination(db, {
        groupId,
        kind: 'webhook',
        name: url,
        environment: options.environment ?? 'production',
        filter,
        url,
        maxAttempts: options.maxAttempts,
      });
      const secret = newWebhookSecret();
      await putSecret(db, vault, {
        groupId,
        environment: options.environment ?? 'production',
        ownerKind: 'destination',
        ownerId: id,
        name: 'signing',
        value: secret,
      });
      await hurry(store, groupId, id, options);
      return { id, secret };
    },
    hurry: (id: DestinationId, options: { retryScheduleMs?: number[]; maxInFlight?: number }) =>
      hurry(store, groupId, id, options),
    deliveries: () => db.selectFrom('deliveries').selectAll().where('group_id', '=', groupId).orderBy('seq').execute(),
    destination: (id: DestinationId) =>
      db
        .selectFrom('destinations')
        .selectAll()
        .where('group_id', '=', groupId)
        .where('destination_id', '=', id)
        .executeTakeFirstOrThrow(),
    close: () => egress.close(),
  };
}

export type DeliveryFixture = Awaited<ReturnType<typeof createDeliveryFixture>>;

async function hurry(
  store: Store,
  groupId: GroupId,
  id: DestinationId,
  options: { retryScheduleMs?: number[]; maxInFlight?: number },
) {
  await store.db
    .updateTable('destinations')
    .set({
      retry_schedule_ms: JSON.stringify(options.retryScheduleMs ?? [20]),
      ...(options.maxInFlight === undefined ? {} : { max_in_flight: options.maxInFlight }),
    })
    .where('group_id', '=', groupId)
    .where('destination_id', '=', id)
    .execute();
}

async function insertIncident(
  store: Store,
  groupId: GroupId,
  serviceId: ServiceId,
  number: number,
): Promise<IncidentId> {
  const incidentId = newId('incident');
  const now = new Date();
  await store.db
    .insertInto('incidents')
    .values({
      group_id: groupId,
      incident_id: incidentId,
      number,
      service_id: serviceId,
      environment: 'production',
      type: 'webhook',
      dedup_key: `key-${number}`,
      status: 'open',
      severity: 'error',
      summary: `Incident ${number}`,
      source: 'test',
      opened_order: number,
      last_trigger_order: number,
      opened_at: now,
      updated_at: now,
      previous_incident_id: null,
    })
    .execute();
  return incidentId;
}

async function insertChange(
  store: Store,
  groupId: GroupId,
  serviceId: ServiceId,
  incidentId: IncidentId,
  type: ChangeType,
  customDetails: Record<string, unknown>,
  environment: Environment,
): Promise<string> {
  const id = newId('change');
  const occurredAt = new Date().toISOString();
  const change: Change = {
    id,
    type,
    occurredAt,
    incident: {
      id: incidentId,
      number: 1,
      status: 'open',
      severity: 'error',
      summary: 'Disk full on db-1',
      source: 'test',
      dedupKey: 'key',
      integrationType: 'webhook',
      service: { id: serviceId, name: 'Default service' },
      openedAt: occurredAt,
      acknowledgedAt: null,
      resolvedAt: null,
      eventCount: 1,
      url: `http://127.0.0.1:3000/incidents/${incidentId}`,
      links: [],
      customDetails,
    },
  };
  await store.db
    .insertInto('outbox')
    .values({
      group_id: groupId,
      change_id: id,
      change_type: type,
      incident_id: incidentId,
      service_id: serviceId,
      environment,
      emitted_by: null,
      integration_type: 'webhook',
      severity: 'error',
      occurred_at: occurredAt,
      change: JSON.stringify(change),
    })
    .execute();
  await store.notify('outbox');
  return id;
}
