import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import type { ApiErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import { packageLimits } from '@patchbay/plugin-sdk/contract/limits';
import { envelopeSchema } from '@patchbay/plugin-sdk/package/dsse';
import { parsePublicKey } from '@patchbay/plugin-sdk/package/signing-key';
import { findRelease } from '../catalogue/find-release.ts';
import { listPlugins } from '../catalogue/list-plugins.ts';
import { yankVersion } from '../catalogue/yank.ts';
import { approveSubmission, rejectSubmission } from '../publish/approve.ts';
import { publishPackage, type PublishReport } from '../publish/publish-package.ts';
import { submissionStates } from '../publish/submission-states.ts';
import { findSubmission } from '../publish/submissions.ts';
import type { Registry } from '../registry.ts';
import { keyOf } from './direct-request.ts';
import {
  cataloguePageSchema,
  catalogueQuerySchema,
  registryKeySchema,
  releaseSchema,
  submissionSchema,
} from './registry-resources.ts';

/** Makes the error that the server around writes as its one envelope. */
export type Fail = (code: ApiErrorCode, message: string, details?: Issue[]) => Error;

interface RouteDependencies {
  registry: Registry;
  fail: Fail;
}

const pluginParams = z.object({ namespace: z.string().max(40), name: z.string().max(40) });
const versionParams = pluginParams.extend({ version: z.string().max(64) });
const submissionParams = z.object({ id: z.string().max(64) });
const reasonBody = z.object({ reason: z.string().min(1).max(500) });
/** Who asks, as the server around has found it out: a person, by whichever session or token, or a token of nobody. */
function actorName(request: object): string {
  const { actor } = request as { actor: { name: string; userId: string | null } };
  return actor.userId === null ? actor.name : `user:${actor.userId}`;
}

/** The registry over HTTP, beneath /api/registry: catalogue, packages, publish, yank, review. */
export function registryRoutes({ registry, fail }: RouteDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    // In a scope of its own: only here may a body be a package.
    await app.register(uploadRoute({ registry, fail }));

    const viewer = { config: { access: 'viewer' } as object };
    const author = { config: { access: 'author' } as object };
    const reviewer = { config: { access: 'reviewer' } as object };

    app.get('/api/registry/key', { ...viewer, schema: { response: { 200: registryKeySchema } } }, () =>
      keyOf(registry),
    );

    app.get(
      '/api/registry/plugins',
      { ...viewer, schema: { querystring: catalogueQuerySchema, response: { 200: cataloguePageSchema } } },
      async (request) => {
        const page = await listPlugins(registry, request.query);
        if (page === undefined) throw fail('BODY_INVALID', 'The cursor is not valid; start from the first page.');
        return page;
      },
    );

    app.get(
      '/api/registry/plugins/:namespace/:name',
      {
        ...viewer,
        schema: {
          params: pluginParams,
          querystring: z.object({ version: z.string().max(64).optional() }),
          response: { 200: releaseSchema },
        },
      },
      async ({ params, query }) => {
        const plugin = `${params.namespace}/${params.name}`;
        const release = await findRelease(registry, plugin, query.version);
        if (release === undefined)
          throw fail('PLUGIN_NOT_FOUND', `The registry has no ${plugin} ${query.version ?? ''}.`);
        return release;
      },
    );

    app.get(
      '/api/registry/packages/:sha256',
      { ...viewer, schema: { params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) } },
      async ({ params }, reply) => {
        const bytes = await registry.blobs.get(params.sha256);
        if (bytes === undefined) throw fail('PLUGIN_NOT_FOUND', 'The registry has no package of this digest.');
        void reply.header('content-type', 'application/gzip').header('cache-control', 'private, immutable');
        return reply.send(bytes);
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

    app.get(
      '/api/registry/submissions',
      {
        ...reviewer,
        schema: {
          querystring: z.object({ state: z.enum(submissionStates).default('in_review') }),
          response: { 200: z.object({ items: z.array(submissionSchema) }) },
        },
      },
      async ({ query }) => {
        // The oldest first, as they are to be reviewed; index registry_submissions_by_state.
        const rows = await registry.db
          .selectFrom('registry_submissions')
          .select('submission_id')
          .where('state', '=', query.state)
          .orderBy('submission_id')
          .limit(50)
          .execute();
        return { items: await Promise.all(rows.map((row) => shownSubmission(registry, row.submission_id))) };
      },
    );
    app.post(
      '/api/registry/submissions/:id/approve',
      { ...reviewer, schema: { params: submissionParams, response: { 200: submissionSchema } } },
      async (request) => {
        const { id } = request.params;
        const outcome = await approveSubmission(registry, id, actorName(request));
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return shownSubmission(registry, id);
      },
    );
    app.post(
      '/api/registry/submissions/:id/reject',
      { ...reviewer, schema: { params: submissionParams, body: reasonBody, response: { 200: submissionSchema } } },
      async (request) => {
        const { id } = request.params;
        const outcome = await rejectSubmission(registry, id, actorName(request), request.body.reason);
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return shownSubmission(registry, id);
      },
    );

    async function yank(params: z.output<typeof versionParams>, reason: string | null, by: string): Promise<void> {
      const outcome = await yankVersion(registry, `${params.namespace}/${params.name}`, params.version, reason, by);
      if (!outcome.ok) throw fail(outcome.code, outcome.message);
    }
  };
}

/** POST /api/registry/plugins: the package as it is, with the author's envelope and public key in headers. */
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
        config: { access: 'author' } as object,
        bodyLimit: packageLimits.packedBytes,
        schema: {
          headers: z.object({ 'x-patchbay-envelope': z.base64().max(16_384), 'x-patchbay-key': z.base64().max(4096) }),
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
          publisher: { name: actorName(request) },
        });
        if (!outcome.ok) throw fail(outcome.code, outcome.message, outcome.details);
        return reply.code(201).send(shown(outcome));
      },
    );
  };
}

async function shownSubmission(registry: Registry, submissionId: string): Promise<z.output<typeof submissionSchema>> {
  const { plugin, version, packageSha256, state, checks } = await findSubmission(registry.db, submissionId);
  return { submissionId, plugin, version, sha256: packageSha256, state, checks };
}

function shown({
  submissionId,
  plugin,
  version,
  sha256,
  state,
  checks,
}: PublishReport): z.output<typeof submissionSchema> {
  return { submissionId, plugin, version, sha256, state, checks };
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
