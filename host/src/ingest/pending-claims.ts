import { sql, type Kysely } from 'kysely';
import type { GroupId, IntegrationId, RequestId } from '@patchbay/plugin-sdk/contract/ids';
import type { Database } from '../store/schema.ts';

/** A pending request that this claim may work on until its end. */
export interface ClaimedRequest {
  readonly groupId: GroupId;
  readonly requestId: RequestId;
  readonly integrationId: IntegrationId;
  readonly order: number;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly query: Record<string, string[]>;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly attempts: number;
}

interface ClaimedRow {
  group_id: GroupId;
  request_id: RequestId;
  integration_id: IntegrationId;
  received_order: number;
  method: string;
  headers: Record<string, string>;
  query: Record<string, string[]>;
  content_type: string;
  body: Uint8Array;
  attempts: number;
}

const CLAIM_MS = 60_000;

const columns = sql.raw(`r.group_id, r.request_id, r.integration_id, r.received_order, r.method, r.headers, r.query,
  r.content_type, r.body, r.attempts`);

/**
 * Claims pending requests that are due, the same number from every group in turn, so that one group's backlog does
 * not hold up the others. Index requests_pending.
 */
export async function claimDue(db: Kysely<Database>, claimId: string, limit: number): Promise<ClaimedRequest[]> {
  const until = new Date(Date.now() + CLAIM_MS);
  const { rows } = await sql<ClaimedRow>`
    with due as (
      select group_id, request_id,
        row_number() over (partition by group_id order by received_order) as turn
      from requests
      where state = 'pending' and next_attempt_at <= now() and (claimed_until is null or claimed_until <= now())
    ), chosen as (
      select r.group_id, r.request_id
      from requests r join due on due.group_id = r.group_id and due.request_id = r.request_id
      where r.state = 'pending' and (r.claimed_until is null or r.claimed_until <= now())
      order by due.turn, r.received_order
      limit ${limit}
      for update of r skip locked
    )
    update requests r set claim_id = ${claimId}, claimed_until = ${until}
    from chosen where r.group_id = chosen.group_id and r.request_id = chosen.request_id
    returning ${columns}`.execute(db);
  return rows.map(toClaimed);
}

/** Claims one request whose plugin gave no events, for an operator who has it tried again; undefined when it has. */
export async function claimForReplay(
  db: Kysely<Database>,
  claimId: string,
  groupId: GroupId,
  requestId: RequestId,
): Promise<ClaimedRequest | undefined> {
  const until = new Date(Date.now() + CLAIM_MS);
  const { rows } = await sql<ClaimedRow>`
    update requests r set state = 'pending', claim_id = ${claimId}, claimed_until = ${until}, next_attempt_at = ${until}
    where r.group_id = ${groupId} and r.request_id = ${requestId} and r.state in ('pending', 'dead', 'invalid')
      and (r.claimed_until is null or r.claimed_until <= now())
    returning ${columns}`.execute(db);
  return rows.map(toClaimed)[0];
}

function toClaimed(row: ClaimedRow): ClaimedRequest {
  return {
    groupId: row.group_id,
    requestId: row.request_id,
    integrationId: row.integration_id,
    order: row.received_order,
    method: row.method,
    headers: row.headers,
    query: row.query,
    contentType: row.content_type,
    body: row.body,
    attempts: row.attempts,
  };
}
