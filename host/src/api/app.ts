import { readFileSync } from 'node:fs';
import fastifyHelmet from '@fastify/helmet';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type FastifyPluginAsyncZod,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { apiLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Kysely } from 'kysely';
import type { Config } from '../config/config.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { Auth } from '../identity/auth.ts';
import { createKnownTokens } from '../identity/known-tokens.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';
import type { Actor } from './access.ts';
import { ApiError } from './api-error.ts';
import { answerClientError } from './client-error.ts';
import { installBodyDrain } from './drain-body.ts';
import { installErrorHandler, sendError } from './error-handler.ts';
import { installIdempotency } from './idempotency.ts';
import { refuseUnknownParameters } from './known-parameters.ts';
import { DOCS_PATH, installOpenApi } from './open-api.ts';

const HEADERS_MS = 60 * 1000;
/** How often Node looks for requests that take too long to arrive. */
const ARRIVAL_CHECK_MS = 5 * 1000;

interface AppOptions {
  config: Config;
  db: Kysely<Database>;
  vault: Vault;
  auth: Auth;
  /** A pino logger; none in tests. */
  log: FastifyBaseLogger | null;
  version: string;
  /** How long a request may take to arrive (default: `apiLimits.requestMs`). */
  requestMs?: number;
  /** Routes of the management API. */
  routes: readonly FastifyPluginAsyncZod[];
  /** Routes with body parsers of their own: the ingest door, package upload. */
  doors: readonly FastifyPluginAsyncZod[];
  /** Serves the interface and answers what no route takes. */
  site?: (app: FastifyInstance) => Promise<void>;
}

/**
 * Puts the HTTP server together: one access rule a route, one error envelope, security headers, OpenAPI.
 * Management routes and doors live in scopes of their own, so that no body parser leaks from one to the other.
 */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, db, vault, auth, requestMs = apiLimits.requestMs } = options;
  const arrival = {
    requestTimeout: requestMs,
    headersTimeout: Math.min(requestMs, HEADERS_MS),
    connectionsCheckingInterval: Math.min(requestMs, ARRIVAL_CHECK_MS),
  };
  const app = Fastify({
    ...(options.log === null ? { logger: false } : { loggerInstance: options.log }),
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? [...config.TRUSTED_PROXIES] : false,
    bodyLimit: apiLimits.bodyBytes,
    routerOptions: { maxParamLength: 200 },
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    requestTimeout: requestMs,
    clientErrorHandler: answerClientError,
    ...(config.TLS_CERT_FILE === undefined || config.TLS_KEY_FILE === undefined
      ? { http: arrival }
      : { https: { ...arrival, cert: readFileSync(config.TLS_CERT_FILE), key: readFileSync(config.TLS_KEY_FILE) } }),
  } as FastifyServerOptions) as unknown as FastifyInstance;

  app.withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installErrorHandler(app);
  installBodyDrain(app);
  await installSecurityHeaders(app, config);
  installAccess(app, db, auth);
  await installOpenApi(app, options.version);

  await app.register(async (scope) => {
    installIdempotency(scope, db, vault);
    scope.addHook('preValidation', dropEmptyParameters);
    scope.addHook('preValidation', refuseUnknownParameters);
    for (const routes of options.routes) await scope.register(routes as never);
  });
  for (const door of options.doors) await app.register(door as never);

  if (options.site === undefined)
    app.setNotFoundHandler((request, reply) => sendError(new ApiError('NOT_FOUND'), request, reply));
  else await options.site(app);
  return app;
}

/** A field of a form that was left empty asks for nothing: `?status=` is no status. */
async function dropEmptyParameters({ query }: FastifyRequest): Promise<void> {
  const parameters = query as Record<string, unknown>;
  for (const name of Object.keys(parameters)) if (parameters[name] === '') delete parameters[name];
}

/** Refuses to register a route without an access rule, and checks the rule before any body is read. */
function installAccess(app: FastifyInstance, db: Kysely<Database>, auth: Auth): void {
  const actors = new WeakMap<object, Actor>();
  const authenticators = { db, auth, knownTokens: createKnownTokens() };
  app.decorateRequest('actor', {
    getter() {
      const actor = actors.get(this);
      if (actor === undefined) throw new Error(`No actor on ${this.method} ${this.routeOptions.url ?? ''}`);
      return actor;
    },
  });
  app.addHook('onRoute', (route) => {
    // The viewer of the API's description brings routes of its own, which cannot name a rule.
    if (route.url.startsWith(DOCS_PATH)) route.config = { ...route.config, access: 'public' };
    if (route.config?.access === undefined) throw new Error(`${String(route.method)} ${route.url} has no access rule`);
  });
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === undefined || access === 'public' || access === 'integration') return;
    actors.set(request, await authenticate(authenticators, request, access));
  });
}

async function installSecurityHeaders(app: FastifyInstance, config: Config): Promise<void> {
  await app.register(fastifyHelmet, {
    global: true,
    hsts: config.TLS_CERT_FILE !== undefined,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
  });
}
