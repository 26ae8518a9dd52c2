import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { packageLimits } from '@patchbay/plugin-sdk/contract/limits';
import { submissionSchema } from '@patchbay/plugin-sdk/contract/rest/registry';
import { envelopeSchema } from '@patchbay/plugin-sdk/package/dsse';
import { parsePublicKey } from '@patchbay/plugin-sdk/package/signing-key';
import { countInstall } from '../catalogue/count-install.ts';
import { yankVersion } from '../catalogue/yank.ts';
import { publishPackage } from '../publish/publish-package.ts';
import { showSubmission } from '../review/review-queue.ts';
import { actorName, forRole, publisherOf, type Fail, type RouteDependencies } from './route-dependencies.ts';
import { authorRoutes } from './author-routes.ts';
import { checkRoutes } from './check-routes.ts';
import { handOver, keyOf, signedPage, signedRelease } from './direct-request.ts';
import {
  catalogueQuerySchema,
  registryKeySchema,
  signedCataloguePageSchema,
  signedReleaseSchema,
  signedRevocationsSchema,
} from './registry-resources.ts';
import { logRoutes } from './log-routes.ts';
import { namespaceRoutes } from './namespace-routes.ts';
import { reportRoutes } from './report-routes.ts';
import { reviewRoutes } from './review-routes.ts';
import { signOffRoutes } from './sign-off-routes.ts';

const pluginParams = z.object({ namespace: z.string().max(40), name: z.string().max(40) });
const versionParams = pluginParams.extend({ version: z.string().max(64) });
const reasonBody = z.object({ reason: z.string().min(1).max(500) });
/** The registry over HTTP, beneath /api/registry: catalogue, packages, publish, yank, review. */
export function registryRoutes(dependencies: RouteDependencies): FastifyPluginAsyncZod {
  const { registry, fail } = dependencies;
  return async (app) => {
    // In a scope of its own: only here may a body be a package.
    await app.register(uploadRoute(dependencies));
    await app.register(reviewRoutes(dependencies));
    await app.register(signOffRoutes(dependencies));
    await app.register(authorRoutes(dependencies));
    await app.register(checkRoutes(dependencies));
    await app.register(logRoutes(dependencies));
    await app.register(namespaceRoutes(dependencies));
    await app.register(reportRoutes(dependencies));

    const viewer = { config: { access: 'viewer' } as object };
    const author = { config: { access: 'author' } as object };

    app.get(
      '/api/registry/key',
      {
        ...forRole('viewer', 'The public key of the registry, to be pinned'),
        schema: { response: { 200: registryKeySchema } },
      },
      () => keyOf(registry),
    );

    app.get(
      '/api/registry/plugins',
      {
        ...forRole('viewer', 'A page of the catalogue, signed and numbered'),
        schema: { querystring: catalogueQuerySchema, response: { 200: signedCataloguePageSchema } },
      },
      async (request) => {
        const page = await signedPage(
          registry,
          request.query,
          new URL(request.url, 'http://registry.invalid').searchParams,
        );
        if (page === undefined) throw fail('BODY_INVALID', 'The cursor is not valid; start from the first page.');
        return page;
      },
    );

    app.get(
      '/api/registry/plugins/:namespace/:name',
      {
        ...forRole('viewer', 'A version of a plugin with its signatures; the newest when none is named'),
        schema: {
          params: pluginParams,
          querystring: z.object({ version: z.string().max(64).optional() }),
          response: { 200: signedReleaseSchema },
        },
      },
      async ({ params, query }) => {
        const plugin = `${params.namespace}/${params.name}`;
        const release = await signedRelease(registry, plugin, query.version);
        if (release === undefined)
          throw fail('PLUGIN_NOT_FOUND', `The registry has no ${plugin} ${query.version ?? ''}.`);
        return release;
      },
    );

    app.get(
      '/api/registry/packages/:sha256',
      {
        config: {
          access: 'viewer',
          withoutDatabase: true,
          summary: 'The package of this digest, byte for byte',
          gives: 'application/gzip',
        } as object,
        schema: { params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) },
      },
      async ({ params }, reply) => {
        const bytes = await registry.blobs.get(params.sha256);
        if (bytes === undefined) throw fail('PLUGIN_NOT_FOUND', 'The registry has no package of this digest.');
        void reply.header('content-type', 'application/gzip').header('cache-control', 'private, immutable');
        return reply.send(bytes);
      },
    );

    app.get(
      '/api/registry/revocations/signed',
      {
        ...forRole('viewer', 'The signed list of revoked versions, which expires'),
        schema: {
          querystring: z.object({ host: z.string().max(64).optional(), applied: z.string().max(20).optional() }),
          response: { 200: signedRevocationsSchema },
        },
      },
      ({ query }) => handOver(registry, new URLSearchParams(query as Record<string, string>)),
    );

    // Other hosts say what they installed and removed; a number of a catalogue, which nothing is decided by alone.
    app.post(
      '/api/registry/plugins/:namespace/:name/installs',
      {
        ...viewer,
        schema: {
          params: pluginParams,
          querystring: z.object({ version: z.string().max(64).optional(), by: z.enum(['1', '-1']).default('1') }),
          response: { 200: z.object({}) },
        },
      },
      async ({ params, query }) => {
        await countInstall(registry, `${params.namespace}/${params.name}`, query.version, query.by === '-1' ? -1 : 1);
        return {};
      },
    );

    app.post(
      '/api/registry/plugins/:namespace/:name/versions/:version/yank',
      { ...author, schema: { params: versionParams, body: reasonBody, response: { 204: z.null() } } },
      async (request, reply) => {
        await yank(request.params, request.body.reason, actorName(request));
        return reply.code(204).send(null);
      },
    );
    app.delete(
      '/api/registry/plugins/:namespace/:name/versions/:version/yank',
      { ...author, schema: { params: versionParams, response: { 204: z.null() } } },
      async (request, reply) => {
        await yank(request.params, null, actorName(request));
        return reply.code(204).send(null);
      },
    );

    async function yank(params: z.output<typeof versionParams>, reason: string | null, by: string): Promise<void> {
      const outcome = await yankVersion(registry, `${params.namespace}/${params.name}`, params.version, reason, by);
      if (!outcome.ok) throw fail(outcome.code, outcome.message);
    }
  };
}

/**
 * POST /api/registry/plugins: the package as it is, with the author's envelope and public key in headers, and whether a
 * namespace that nobody has is claimed with it.
 */
function uploadRoute({ registry, fail }: RouteDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.addContentTypeParser(
      'application/gzip',
      { parseAs: 'buffer', bodyLimit: packageLimits.packedBytes },
      (_request, body, done) => done(null, body),
    );
    app.post(
      '/api/registry/plugins',
      {
        config: {
          access: 'author',
          publishes: true,
          summary: 'Submit a package; the envelope is the author’s signed release statement, base64 of its JSON',
          takes: 'application/gzip',
        } as object,
        bodyLimit: packageLimits.packedBytes,
        schema: {
          headers: z.object({
            'x-patchbay-envelope': z.base64().max(16_384),
            'x-patchbay-key': z.base64().max(4096),
            'x-patchbay-claim': z.enum(['yes', 'no']).default('no'),
          }),
          response: { 201: submissionSchema },
        },
      },
      async (request, reply) => {
        if (!Buffer.isBuffer(request.body))
          throw fail('UNSUPPORTED_MEDIA_TYPE', 'Send the package itself as application/gzip.');
        const envelope = envelopeSchema.safeParse(parsed(request.headers['x-patchbay-envelope']));
        if (!envelope.success) throw fail('BODY_INVALID', 'X-Patchbay-Envelope is not a DSSE envelope in base64.');
        const outcome = await publishPackage(registry, {
          bytes: request.body,
          envelope: envelope.data,
          publicKey: keyFrom(request.headers['x-patchbay-key'], fail),
          publisher: publisherOf(request, request.headers['x-patchbay-claim'] === 'yes'),
        });
        if (!outcome.ok) throw fail(outcome.code, outcome.message, outcome.details);
        return reply.code(201).send(await showSubmission(registry, outcome.submissionId));
      },
    );
  };
}

function parsed(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

function keyFrom(base64: string, fail: Fail) {
  try {
    return parsePublicKey(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    throw fail('BODY_INVALID', 'X-Patchbay-Key is not an Ed25519 public key (PEM in base64).');
  }
}
