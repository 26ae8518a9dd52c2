import type { Change } from '@patchbay/plugin-sdk/contract/envelopes';
import { deliveryLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { askDigest } from '@patchbay/plugin-sdk/sandbox/ask-digest';
import type { Kysely } from 'kysely';
import { retryAfterMs } from '../effects/perform-http.ts';
import type { EgressResult } from '../egress/egress.ts';
import { readSecrets } from '../secrets/secret-store.ts';
import type { Database } from '../store/schema.ts';
import { transact } from '../store/transact.ts';
import type { ClaimedDelivery } from './claim.ts';
import type { Ending } from './finish.ts';
import { holdClaim, markSent, recordAnswers, recordAsks } from './journal-store.ts';
import type { Lease } from './lease.ts';
import type { ConnectorWorld } from './open-asks.ts';
import { signWebhook } from './webhook-signature.ts';

const THROTTLE_STATUS = new Set([429, 502, 503, 504]);
const SHOWN_CHARS = 2000;

/** What a receiver gets: the shape that Standard Webhooks recommends, with the fields of the API that was asked for. */
export function webhookBody(groupId: GroupId, change: Change): Buffer {
  return Buffer.from(
    JSON.stringify({
      id: change.id,
      type: change.type,
      event: change.type,
      groupId,
      timestamp: change.occurredAt,
      data: { incident: change.incident },
    }),
  );
}

/**
 * Sends one outgoing webhook. 2xx is success and everything else is not: redirects are not followed, 410 disables,
 * 401, 403 and 404 pause the destination until somebody has looked, 429 and gateway errors throttle it.
 */
export async function sendWebhook(world: ConnectorWorld, claim: ClaimedDelivery, lease: Lease): Promise<Ending> {
  const { groupId, destination, change } = claim;
  const body = webhookBody(groupId, change);
  const secrets = await readSecrets(world.db, world.vault, {
    groupId,
    environment: destination.environment,
    ownerKind: 'destination',
    ownerId: claim.destinationId,
    name: 'signing',
  });
  const url = destination.url ?? '';
  const request = JSON.stringify({
    url,
    method: 'POST',
    headers: {},
    body: { text: body.toString() },
    credential: null,
    repeatable: true,
  });
  const number = await transact(world.db, async (trx) => {
    await holdClaim(trx, claim);
    const number = await nextNumber(trx, claim);
    const ask = {
      number,
      kind: 'http' as const,
      digest: askDigest('http', request),
      blocking: false,
      request,
      wakeAt: null,
      idempotencyKey: change.id,
      beforeBatch: 0,
    };
    await recordAsks(trx, world.vault, claim, [ask]);
    await markSent(trx, claim, [number]);
    return number;
  });
  lease.check();
  const timestamp = Math.floor(Date.now() / 1000);
  const result = await world.egress.send({
    url,
    method: 'POST',
    headers: {
      ...destination.headers,
      'content-type': 'application/json',
      'user-agent': 'Patchbay-Webhooks/1',
      ...signWebhook(
        secrets.map(({ value }) => value),
        change.id,
        timestamp,
        body,
      ),
    },
    body,
    timeoutMs: deliveryLimits.requestTimeoutMs,
    responseBytes: deliveryLimits.webhookResponseBytes,
  });
  await keepAnswer(world, claim, number, result);
  return endingOf(result);
}

/** Every request has a number of its own; attempts that were given back do not free theirs. */
async function nextNumber(trx: Kysely<Database>, claim: ClaimedDelivery): Promise<number> {
  const row = await trx
    .selectFrom('journal_asks')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('group_id', '=', claim.groupId)
    .where('delivery_id', '=', claim.deliveryId)
    .executeTakeFirst();
  return (row?.last ?? -1) + 1;
}

async function keepAnswer(
  world: ConnectorWorld,
  claim: ClaimedDelivery,
  number: number,
  result: EgressResult,
): Promise<void> {
  const answer = result.ok
    ? {
        ok: {
          status: result.answer.status,
          headers: {},
          body: { text: result.answer.body.toString('utf8').slice(0, SHOWN_CHARS) },
        },
      }
    : { error: { code: result.code, message: result.message } };
  const outcome = {
    answer,
    status: result.ok ? result.answer.status : null,
    code: result.ok ? (result.answer.status >= 300 ? ('HTTP_STATUS' as const) : null) : result.code,
    retryable: false,
    retryAfterMs: null,
    durationMs: result.ok ? result.answer.durationMs : result.durationMs,
  };
  await transact(world.db, async (trx) => {
    await holdClaim(trx, claim);
    await recordAnswers(trx, world.vault, claim, [{ number, answer, outcome }], null);
  });
}

function endingOf(result: EgressResult): Ending {
  if (!result.ok) {
    const hopeless = result.code === 'EGRESS_BLOCKED' || result.code === 'REQUEST_REFUSED';
    // The receiver has taken the request; how much it says in return is no failure to deliver.
    if (result.code === 'RESPONSE_TOO_LARGE')
      return { kind: 'delivered', message: 'Delivered; the answer was too long to keep' };
    return hopeless
      ? { kind: 'attention', code: result.code, message: result.message }
      : { kind: 'retry', code: result.code, message: result.message };
  }
  const { status, headers } = result.answer;
  if (status >= 200 && status < 300) return { kind: 'delivered', message: `Answered ${status}` };
  const message = `The target answered ${status}`;
  if (status === 410) return { kind: 'gone', code: 'DESTINATION_GONE', message };
  if (status === 401 || status === 403 || status === 404)
    return { kind: 'attention', code: 'DESTINATION_NEEDS_ATTENTION', message };
  return {
    kind: 'retry',
    code: 'HTTP_STATUS',
    message,
    retryAfterMs: retryAfterMs(headers['retry-after']),
    throttle: THROTTLE_STATUS.has(status),
  };
}
