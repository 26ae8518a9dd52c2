import { ApiError } from '../api/api-error.ts';
import type { DoorAnswer } from './door-request.ts';
import type { PluginOutcome } from './plugin-call.ts';
import type { RequestRow, RequestVerdict } from './request-row.ts';

const RETRY_AFTER_SECONDS = 5;

/** What the sender gets once its request is stored. */
export function answerOf(
  request: RequestRow,
  verdict: RequestVerdict,
  outcome: PluginOutcome,
  events: number,
): DoorAnswer {
  if (outcome.outcome === 'invalid' && verdict.status === 400)
    return answerError(new ApiError('PAYLOAD_INVALID', outcome.reason, { details: outcome.issues }), request.requestId);
  if (verdict.state === 'pending') return acceptedPending(request);
  const answer = outcome.outcome === 'understood' ? outcome.result.answer : undefined;
  if (answer === undefined || (answer.body === '' && answer.status !== 204))
    return accepted(request, verdict.status, events);
  const { status, contentType, body } = answer;
  return status === 204
    ? { status, contentType: null, body: '', requestId: request.requestId }
    : { status, contentType: `${contentType}; charset=utf-8`, body, requestId: request.requestId };
}

/** The answer while the plugin has not said yet what the request means: it is stored and goes on. */
export function acceptedPending({ requestId }: RequestRow): DoorAnswer {
  return {
    status: 202,
    contentType: JSON_TYPE,
    body: `{"requestId":"${requestId}","events":0,"pending":true}`,
    requestId,
  };
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
