import { isUtf8 } from 'node:buffer';
import type { Kysely } from 'kysely';
import type { GroupId, IntegrationId, RequestId } from '@patchbay/plugin-sdk/contract/ids';
import type { RequestDetail, RequestSummary } from '@patchbay/plugin-sdk/contract/rest/integrations';
import type { Database } from '../store/schema.ts';

type State = RequestSummary['state'];

/** Requests of an integration without their bodies, newest first; index requests_by_integration. */
export function listRequests(
  db: Kysely<Database>,
  groupId: GroupId,
  filter: { integrationId: IntegrationId; states: readonly State[]; before?: number | undefined },
  limit: number,
) {
  const { integrationId, states, before } = filter;
  return requests(db, groupId)
    .where('integration_id', '=', integrationId)
    .$if(states.length > 0, (query) => query.where('state', 'in', states))
    .$if(before !== undefined, (query) => query.where('received_order', '<', before ?? 0))
    .orderBy('received_order', 'desc')
    .limit(limit)
    .execute();
}

export type RequestListRow = Awaited<ReturnType<typeof listRequests>>[number];

function requests(db: Kysely<Database>, groupId: GroupId) {
  return db
    .selectFrom('requests')
    .select(['request_id', 'integration_id', 'received_order', 'received_at', 'method', 'state', 'status', 'code'])
    .select(['reason', 'event_count', 'duration_micros', 'remote_address', 'plugin_id', 'plugin_version'])
    .select((select) => select.fn<number>('octet_length', ['body']).as('body_bytes'))
    .where('group_id', '=', groupId);
}

export function showRequest(row: RequestListRow): RequestSummary {
  return {
    id: row.request_id,
    integrationId: row.integration_id,
    receivedAt: row.received_at.toISOString(),
    method: row.method,
    state: row.state,
    status: row.status,
    code: row.code,
    reason: row.reason,
    eventCount: row.event_count,
    bodyBytes: row.body_bytes,
    durationMs: row.duration_micros / 1000,
    remoteAddress: row.remote_address,
    plugin: row.plugin_id,
    pluginVersion: row.plugin_version,
  };
}

/** One request as it came, also with the secrets in it, and what its events did; index events_by_request. */
export async function readRequest(
  db: Kysely<Database>,
  groupId: GroupId,
  requestId: RequestId,
): Promise<RequestDetail | undefined> {
  const row = await requests(db, groupId)
    .select(['headers', 'query', 'content_type', 'body', 'issues', 'logs', 'attempts'])
    .where('request_id', '=', requestId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const events = await db
    .selectFrom('events')
    .select(['event_id', 'action', 'dedup_key', 'severity', 'summary', 'effect', 'incident_id'])
    .where('group_id', '=', groupId)
    .where('request_id', '=', requestId)
    .orderBy('ordinal')
    .execute();
  const body = Buffer.from(row.body);
  return {
    ...showRequest(row),
    redacted: false,
    headers: row.headers,
    query: row.query,
    contentType: row.content_type,
    body: isUtf8(body) ? { text: body.toString('utf8') } : { base64: body.toString('base64') },
    issues: row.issues ?? [],
    logs: row.logs ?? [],
    attempts: row.attempts,
    events: events.map((event) => ({
      id: event.event_id,
      action: event.action,
      dedupKey: event.dedup_key,
      severity: event.severity,
      summary: event.summary,
      effect: event.effect,
      incidentId: event.incident_id,
    })),
  };
}
