import { createHash } from 'node:crypto';
import { sql, type Selectable, type Transaction } from 'kysely';
import type { RequestId } from '@patchbay/plugin-sdk/contract/ids';
import { timeOfOrder } from '../incidents/keyed-event.ts';
import type { Database } from '../store/schema.ts';
import type { DoorAnswer } from './door-request.ts';
import type { WriteEntry } from './write-entry.ts';

/** A signed delivery that its signature names, and what its sender is answered. */
export interface NamedDelivery {
  readonly name: string;
  readonly answer: DoorAnswer;
}

/** Names come from senders and may be long: what is kept of one has the same length always. */
export function deliveryName(replayId: string): string {
  return createHash('sha256').update(replayId).digest('base64url');
}

type SeenRow = Omit<Selectable<Database['seen_deliveries']>, 'seen_at'>;

/**
 * Takes note of the deliveries of a batch that have a name. Whoever writes the row first has the delivery; the other,
 * maybe on another host, waits here for the first to commit. In order of the key, so that two batches do not wait for
 * each other.
 *
 * @returns for each request that repeats one, what the first was answered
 */
export async function noteDeliveries(
  trx: Transaction<Database>,
  entries: readonly WriteEntry[],
): Promise<ReadonlyMap<RequestId, DoorAnswer>> {
  const rows = entries.flatMap((entry) =>
    entry.kind === 'receive' && entry.delivery !== null ? [rowOf(entry.request, entry.delivery)] : [],
  );
  if (rows.length === 0) return new Map();
  const columns = sql.raw(`group_id text, integration_id text, delivery text, request_id text, status integer,
    content_type text, body text, seen_at timestamptz`);
  const noted = await sql<{ request_id: RequestId }>`
    insert into seen_deliveries (group_id, integration_id, delivery, request_id, status, content_type, body, seen_at)
    select group_id, integration_id, delivery, request_id, status, content_type, body, seen_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as x(${columns})
    order by group_id, integration_id, delivery, request_id
    on conflict do nothing
    returning request_id`.execute(trx);
  const first = new Set(noted.rows.map((row) => row.request_id));
  const repeated = rows.filter((row) => !first.has(row.request_id));
  return repeated.length === 0 ? new Map() : readAnswers(trx, repeated);
}

async function readAnswers(
  trx: Transaction<Database>,
  repeated: readonly SeenRow[],
): Promise<ReadonlyMap<RequestId, DoorAnswer>> {
  const { rows } = await sql<SeenRow & { repetition: RequestId }>`
    select x.request_id as repetition, s.request_id, s.status, s.content_type, s.body
    from json_to_recordset(${JSON.stringify(repeated)}::json)
      as x(group_id text, integration_id text, delivery text, request_id text)
    join seen_deliveries s
      on s.group_id = x.group_id and s.integration_id = x.integration_id and s.delivery = x.delivery`.execute(trx);
  return new Map(
    rows.map((row) => [
      row.repetition,
      { status: row.status, contentType: row.content_type, body: row.body, requestId: row.request_id },
    ]),
  );
}

function rowOf(
  { groupId, integrationId, requestId, order }: Extract<WriteEntry, { kind: 'receive' }>['request'],
  { name, answer }: NamedDelivery,
) {
  return {
    group_id: groupId,
    integration_id: integrationId,
    delivery: name,
    request_id: requestId,
    status: answer.status,
    content_type: answer.contentType,
    body: answer.body,
    seen_at: timeOfOrder(order),
  };
}
