import type { DeliveryId, GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { httpAskSchema, type HttpAnswer, type HttpAsk } from '@patchbay/plugin-sdk/contract/journal';
import type {
  Delivery,
  DeliveryDetail,
  DeliveryState,
  OutgoingRequest,
} from '@patchbay/plugin-sdk/contract/rest/deliveries';
import type { ChangeType } from '@patchbay/plugin-sdk/contract/envelopes';
import { sql, type Kysely } from 'kysely';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';

export interface DeliveryFilter {
  states: DeliveryState[];
  destinationId?: string | undefined;
  incidentId?: string | undefined;
  changeType?: ChangeType | undefined;
  beforeSeq?: number | undefined;
}

const SHOWN_BODY_CHARS = 16_384;

/** Deliveries with the names that a list shows, newest first; index deliveries_by_seq. */
export function listDeliveries(db: Kysely<Database>, groupId: GroupId, filter: DeliveryFilter, limit: number) {
  return deliveries(db, groupId)
    .$if(filter.states.length > 0, (query) => query.where('deliveries.state', 'in', filter.states))
    .$if(filter.destinationId !== undefined, (query) =>
      query.where('deliveries.destination_id', '=', filter.destinationId as never),
    )
    .$if(filter.incidentId !== undefined, (query) =>
      query.where('deliveries.incident_id', '=', filter.incidentId as never),
    )
    .$if(filter.changeType !== undefined, (query) =>
      query.where('deliveries.change_type', '=', filter.changeType as never),
    )
    .$if(filter.beforeSeq !== undefined, (query) => query.where('deliveries.seq', '<', filter.beforeSeq ?? 0))
    .orderBy('deliveries.seq', 'desc')
    .limit(limit)
    .execute();
}

function deliveries(db: Kysely<Database>, groupId: GroupId) {
  return db
    .selectFrom('deliveries')
    .innerJoin('destinations', (join) =>
      join
        .onRef('destinations.group_id', '=', 'deliveries.group_id')
        .onRef('destinations.destination_id', '=', 'deliveries.destination_id'),
    )
    .innerJoin('incidents', (join) =>
      join
        .onRef('incidents.group_id', '=', 'deliveries.group_id')
        .onRef('incidents.incident_id', '=', 'deliveries.incident_id'),
    )
    .select([
      'deliveries.delivery_id',
      'deliveries.seq',
      'deliveries.destination_id',
      'deliveries.incident_id',
      'deliveries.change_type',
      'deliveries.change',
      'deliveries.state',
      'deliveries.attempts',
      'deliveries.created_at',
      'deliveries.finished_at',
      'deliveries.due_at',
      'deliveries.code',
      'deliveries.message',
      'deliveries.linked',
      'deliveries.plugin_id',
      'deliveries.plugin_version',
      'destinations.name as destination_name',
      'destinations.kind as destination_kind',
      'destinations.state as destination_state',
      'incidents.number as incident_number',
      'incidents.summary as incident_summary',
    ])
    .where('deliveries.group_id', '=', groupId);
}

export type DeliveryRow = Awaited<ReturnType<typeof listDeliveries>>[number];

export function showDelivery(row: DeliveryRow): Delivery {
  const waits = row.state === 'queued' || row.state === 'retrying' || row.state === 'waiting';
  return {
    id: row.delivery_id,
    destinationId: row.destination_id,
    destinationName: row.destination_name,
    destinationKind: row.destination_kind,
    destinationState: row.destination_state,
    incidentId: row.incident_id,
    incidentNumber: row.incident_number,
    summary: row.incident_summary,
    changeType: row.change_type,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    nextAttemptAt: waits ? row.due_at.toISOString() : null,
    code: row.code,
    message: row.message,
    linked: row.linked === null ? null : { key: row.linked.key, href: row.linked.href },
  };
}

/** One delivery with its attempts and the requests of each, opened from the journal. */
export async function readDelivery(
  db: Kysely<Database>,
  vault: Vault,
  groupId: GroupId,
  deliveryId: DeliveryId,
): Promise<DeliveryDetail | null> {
  const row = await deliveries(db, groupId).where('deliveries.delivery_id', '=', deliveryId).executeTakeFirst();
  if (row === undefined) return null;
  const attempts = await db
    .selectFrom('attempts')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('delivery_id', '=', deliveryId)
    .orderBy('number')
    .execute();
  const requests = await readRequests(db, vault, groupId, deliveryId);
  return {
    ...showDelivery(row),
    plugin: row.plugin_id,
    pluginVersion: row.plugin_version,
    change: row.change,
    attemptList: attempts.map((attempt) => ({
      number: attempt.number,
      startedAt: attempt.started_at.toISOString(),
      finishedAt: attempt.finished_at?.toISOString() ?? null,
      outcome: attempt.outcome,
      code: attempt.code,
      message: attempt.message,
      cpuMicros: attempt.cpu_micros,
      logs: attempt.logs,
      requests: requests.filter((request) => request.attempt === attempt.number).map(({ attempt: _, ...rest }) => rest),
    })),
  };
}

async function readRequests(
  db: Kysely<Database>,
  vault: Vault,
  groupId: GroupId,
  deliveryId: DeliveryId,
): Promise<(OutgoingRequest & { attempt: number })[]> {
  const rows = await db
    .selectFrom('journal_asks')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('delivery_id', '=', deliveryId)
    .where(sql<boolean>`kind = 'http'`)
    .orderBy('number')
    .execute();
  return rows.map((row) => {
    const context = (what: string) => ['journal', groupId, deliveryId, row.number, what].join('/');
    const request = vault.open(row.request, context('request')).toString('utf8');
    const answer =
      row.answer === null
        ? null
        : (JSON.parse(vault.open(row.answer, context('answer')).toString('utf8')) as { ok?: HttpAnswer });
    return {
      attempt: row.attempt,
      ask: row.number,
      ...showAsk(request),
      sentAt: row.sent_at?.toISOString() ?? null,
      durationMs: row.duration_micros === null ? null : row.duration_micros / 1000,
      status: row.status,
      code: row.code,
      responseBody: showBody(answer?.ok?.body ?? null),
    };
  });
}

/** What a plugin asks for need not have the shape of a request; it is refused then, and shown as it was asked. */
function showAsk(request: string): Pick<OutgoingRequest, 'method' | 'url' | 'requestBody'> {
  const parsed = httpAskSchema.safeParse(JSON.parse(request));
  if (!parsed.success) return { method: '?', url: 'not a request', requestBody: request.slice(0, SHOWN_BODY_CHARS) };
  const { method, url, body } = parsed.data;
  return { method, url, requestBody: showBody(body) };
}

function showBody(body: HttpAsk['body']): string | null {
  if (body === null) return null;
  return 'text' in body ? body.text.slice(0, SHOWN_BODY_CHARS) : `(${body.base64.length} characters of base64)`;
}
