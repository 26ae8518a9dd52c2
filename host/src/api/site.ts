import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { ApiError } from './api-error.ts';
import { sendError } from './error-handler.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

/**
 * Serves the built interface: hashed files for ever, and its page for every address that the interface routes
 * itself. Addresses of the API and of files that do not exist stay errors.
 *
 * @param folder the interface's dist folder
 */
export function site(folder: string): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    await app.register(fastifyStatic, { root: folder, serve: false, cacheControl: false });
    const asset = { config: { access: 'public' as const }, logLevel: 'warn' as const, schema: { hide: true } };
    app.get<{ Params: { '*': string } }>('/assets/*', asset, (request, reply) =>
      reply
        .header('cache-control', `public, max-age=${YEAR_MS / 1000}, immutable`)
        .sendFile(join('assets', request.params['*'])),
    );
    app.get('/favicon.svg', asset, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=86400').sendFile('favicon.svg'),
    );
    app.setNotFoundHandler((request, reply) => {
      // A program that asks for JSON at a wrong address is told so instead of getting a page.
      const wantsJson = /^application\/json\b/.test(request.headers.accept ?? '');
      const page = (request.method === 'GET' || request.method === 'HEAD') && !wantsJson;
      const api = /^\/(api|health|metrics|assets)(\/|$|\?)/.test(request.url);
      if (!page || api) return sendError(new ApiError('NOT_FOUND'), request, reply);
      return reply.header('cache-control', 'no-cache').sendFile('index.html');
    });
  };
}
