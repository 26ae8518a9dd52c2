import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isDatabaseGone } from '../store/database-errors.ts';
import { HostKeyMissing } from '../secrets/vault.ts';
import { ApiError } from './api-error.ts';

const DATABASE_RETRY_SECONDS = 5;

/** Turns whatever was thrown into the one error envelope. Nothing of an unexpected error reaches the caller. */
export function installErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = toApiError(error);
    if (refusal.status >= 500) request.log.error({ err: error }, 'request failed');
    void sendError(refusal, request, reply);
  });
}

export function sendError(refusal: ApiError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', refusal.retryAfterSeconds);
  return reply.headers(refusal.headers).code(refusal.status).send(refusal.envelope(request.id));
}

function toApiError(error: FastifyError): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error))
    // What has no id of the kind is not there.
    return new ApiError(
      error.validationContext === 'params' ? 'NOT_FOUND' : 'BODY_INVALID',
      error.validationContext === 'params'
        ? undefined
        : `The ${error.validationContext === 'querystring' ? 'query' : 'body'} does not have the expected shape`,
      {
        details: error.validation.map((issue) => ({
          path: issue.instancePath.split('/').filter(Boolean).join('.'),
          message: issue.message ?? 'Invalid',
        })),
        cause: error,
      },
    );
  if (error instanceof HostKeyMissing)
    return new ApiError('SECRET_KEY_MISSING', `The host key ${error.keyId} is missing.`, { cause: error });
  if (isDatabaseGone(error))
    return new ApiError('DATABASE_UNAVAILABLE', undefined, { retryAfterSeconds: DATABASE_RETRY_SECONDS, cause: error });
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return new ApiError('BODY_TOO_LARGE', undefined, { cause: error });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Send application/json', { cause: error });
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new ApiError('BODY_INVALID', 'The body is empty: send {}, or no Content-Type', { cause: error });
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ApiError('BODY_INVALID', 'The body is not valid JSON', { cause: error });
  }
  if (typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500)
    return new ApiError('BODY_INVALID', 'The request is not valid', { cause: error });
  return new ApiError('INTERNAL', undefined, { cause: error });
}
