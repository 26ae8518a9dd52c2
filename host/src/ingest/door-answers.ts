import type { SenderResponse } from '@patchbay/plugin-sdk/contract/rest/sender-response';
import { ApiError } from '../api/api-error.ts';
import type { DoorAnswer } from './door-request.ts';
import type { PluginOutcome } from './plugin-call.ts';
import type { RequestRow, RequestVerdict } from './request-row.ts';

const RETRY_AFTER_SECONDS = 5;

/**
 * What the sender gets once its request is stored. The plugin's own answer goes before the operator's: a sender that
 * needs one needs that one.
 */
export function answerOf(
  request: RequestRow,
  verdict: RequestVerdict,
  outcome: PluginOutcome,
  events: number,
  response: SenderResponse | null,
): DoorAnswer {
  if (outcome.outcome === 'invalid' && verdict.status === 400)
    return answerError(new ApiError('PAYLOAD_INVALID', outcome.reason, { details: outcome.issues }), request.requestId);
  if (verdict.state === 'pending') return acceptedPending(request, response);
  const answer = outcome.outcome === 'understood' ? outcome.result.answer : undefined;
  if (answer === undefined) return ownAnswer(request, response) ?? accepted(request, verdict.status, events);
  if (answer.body === '' && answer.status !== 204) return accepted(request, verdict.status, events);
  const { status, contentType, body } = answer;
  return status === 204
    ? { status, contentType: null, body: '', requestId: request.requestId }
    : { status, contentType: `${contentType}; charset=utf-8`, body, requestId: request.requestId };
}

/** The answer while the plugin has not said yet what the request means: it is stored and goes on. */
export function acceptedPending(request: RequestRow, response: SenderResponse | null): DoorAnswer {
  const { requestId } = request;
  return (
    ownAnswer(request, response) ?? {
      status: 202,
      contentType: JSON_TYPE,
      body: `{"requestId":"${requestId}","events":0,"pending":true}`,
      requestId,
    }
  );
}

/** What the operator wants the sender to be answered, where it is something. */
function ownAnswer({ requestId }: RequestRow, response: SenderResponse | null): DoorAnswer | null {
  if (response === null) return null;
  const { status, contentType, body, headers } = response;
  return { status, contentType: body === '' ? null : `${contentType}; charset=utf-8`, body, headers, requestId };
}

/** The plain answer: the request's id and its number of events. */
export function accepted(request: RequestRow, status: number, events: number): DoorAnswer {
  const { requestId } = request;
  return { status, contentType: JSON_TYPE, body: `{"requestId":"${requestId}","events":${events}}`, requestId };
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** A refusal in the one error envelope. */
export function answerError(error: ApiError, requestId: string | null): DoorAnswer {
  return {
    status: error.status,
    contentType: JSON_TYPE,
    body: JSON.stringify(error.envelope(requestId ?? undefined)),
    retryAfterSeconds: error.retryAfterSeconds,
    requestId,
  };
}

export function databaseUnavailable(cause: unknown): ApiError {
  return new ApiError('DATABASE_UNAVAILABLE', undefined, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
}

export function pendingFull(): DoorAnswer {
  return answerError(new ApiError('PENDING_FULL', undefined, { retryAfterSeconds: 60 }), null);
}
