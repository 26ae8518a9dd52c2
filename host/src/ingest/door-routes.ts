import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { reservedTypes } from '@patchbay/plugin-sdk/contract/manifest';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import { ApiError } from '../api/api-error.ts';
import { isDatabaseGone } from '../store/database-errors.ts';
import type { DoorAnswer, DoorRequest } from './door-request.ts';
import { answerError, databaseUnavailable } from './door-answers.ts';
import { isReadable } from './media-type.ts';

const URL = '/api/integrations/:type';
const METHODS = ['POST', 'PUT', 'GET'] as const;
const EMPTY = Buffer.alloc(0);

/** The routes of the ingest door: a scope of its own, in which every body stays the bytes that came. */
export function doorRoutes(receive: (request: DoorRequest) => Promise<DoorAnswer>): FastifyPluginAsync {
  return async (scope) => {
    readBodiesAsBytes(scope);
    scope.setErrorHandler((error: FastifyError, _request, reply) => {
      const refusal = refusalOf(error);
      if (refusal.status >= 500) reply.log.error({ err: error }, 'a request at the door failed');
      return send(reply, answerError(refusal, null));
    });
    const route = { config: { access: 'integration' as const }, helmet: false as const, schema: { hide: true } };
    scope.route({ method: [...METHODS], url: URL, ...route, exposeHeadRoute: false, handler: take });
    scope.route({
      // HEAD, too: what only looks whether an address answers must not open an incident.
      method: ['DELETE', 'PATCH', 'OPTIONS', 'HEAD'],
      url: URL,
      ...route,
      handler: (_request, reply) => {
        void reply.header('allow', METHODS.join(', '));
        return send(reply, answerError(new ApiError('METHOD_NOT_ALLOWED'), null));
      },
    });

    async function take(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const { type } = request.params as { type: string };
      if ((reservedTypes as readonly string[]).includes(type)) throw new ApiError('NOT_FOUND');
      const answer = await receive({
        type,
        method: request.method as DoorRequest['method'],
        url: request.raw.url ?? '',
        headers: request.headers,
        query: request.query as DoorRequest['query'],
        body: (request.body as Buffer | undefined) ?? EMPTY,
        address: request.ip,
      });
      return send(reply, answer);
    }
  };
}

function readBodiesAsBytes(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer' as const, bodyLimit: ingestLimits.bodyBytes };
  const keep = (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void): void =>
    done(null, body);
  scope.addContentTypeParser('*', options, keep);
  scope.addHook('onRequest', async (request) => {
    const { headers } = request.raw;
    // What is no media type at all says nothing; Fastify would refuse it.
    if (headers['content-type'] !== undefined && !/^\s*[^\s/;]+\/[^\s/;]+\s*(;|$)/.test(headers['content-type']))
      headers['content-type'] = 'application/octet-stream';
    if (!isReadable(headers['content-type']))
      throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Send JSON, text, XML or a form, or no content type.');
  });
}

function send(reply: FastifyReply, answer: DoorAnswer): FastifyReply {
  if (answer.headers !== undefined) void reply.headers(answer.headers);
  if (answer.retryAfterSeconds !== undefined) void reply.header('retry-after', answer.retryAfterSeconds);
  if (answer.status === 401) void reply.header('www-authenticate', 'Bearer realm="integration"');
  void reply.header('x-content-type-options', 'nosniff').code(answer.status);
  if (answer.contentType !== null) void reply.type(answer.contentType);
  return reply.send(answer.body === '' ? undefined : answer.body);
}

function refusalOf(error: FastifyError): ApiError {
  if (error instanceof ApiError) return error;
  if (isDatabaseGone(error)) return databaseUnavailable(error);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError('BODY_TOO_LARGE', `Send at most ${ingestLimits.bodyBytes} bytes.`);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ApiError('BODY_INVALID', 'The body is not as long as Content-Length says.');
  }
  if (typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500)
    return new ApiError('BODY_INVALID', 'The request is not valid.');
  return new ApiError('INTERNAL');
}
