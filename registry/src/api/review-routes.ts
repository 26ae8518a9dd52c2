import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  approvalInputSchema,
  behaviourSchema,
  comparedFileSchema,
  heldVersionListSchema,
  reasonInputSchema,
  revocationInputSchema,
  revocationListSchema,
  revocationPreviewSchema,
  revocationResultSchema,
  submissionDetailSchema,
  submissionListSchema,
  submissionSchema,
  submissionStateSchema,
} from '@patchbay/plugin-sdk/contract/rest/registry';
import { listRevocations, previewRevocation, revokeVersions } from '../catalogue/revoke.ts';
import { approveSubmission, turnDown, type ReviewOutcome } from '../publish/approve.ts';
import { findSubmission } from '../publish/submissions.ts';
import { compareBehaviour } from '../review/behaviour.ts';
import { listHeld } from '../review/list-held.ts';
import { releaseHeld } from '../review/release-held.ts';
import { listSubmissions, showSubmission } from '../review/review-queue.ts';
import { comparedFile, submissionDetail } from '../review/submission-detail.ts';
import { packageBefore, packageOf } from '../review/submitted-package.ts';
import { actorName, mayReview, type RouteDependencies } from './route-dependencies.ts';

const params = z.object({ id: z.string().max(64) });

/** What reviewers do; an author reads of it what is about their own submissions. */
export function reviewRoutes({ registry, fail }: RouteDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    const viewer = { config: { access: 'viewer' } as object };
    const reviewer = { config: { access: 'reviewer' } as object };

    /** A submission that who asks may see; to everybody else it does not exist. */
    async function readable(request: object, id: string): Promise<void> {
      const row = await registry.db
        .selectFrom('registry_submissions')
        .select('submitted_by')
        .where('submission_id', '=', id)
        .executeTakeFirst();
      if (row === undefined || (row.submitted_by !== actorName(request) && !mayReview(request)))
        throw fail('NOT_FOUND', 'There is no such submission.');
    }

    async function decided(id: string, outcome: ReviewOutcome) {
      if (!outcome.ok) throw fail(outcome.code, outcome.message);
      return showSubmission(registry, id);
    }

    app.get(
      '/api/registry/submissions',
      {
        ...reviewer,
        schema: {
          querystring: z.object({
            state: submissionStateSchema.default('in_review'),
            q: z.string().max(100).optional(),
          }),
          response: { 200: submissionListSchema },
        },
      },
      ({ query }) => listSubmissions(registry, query),
    );

    app.get(
      '/api/registry/submissions/:id',
      { ...viewer, schema: { params, response: { 200: submissionDetailSchema } } },
      async (request) => {
        const { id } = request.params;
        await readable(request, id);
        const detail = await submissionDetail(registry, id, actorName(request));
        if (detail === undefined) throw fail('PACKAGE_TAMPERED', 'The stored package cannot be read.');
        return detail;
      },
    );

    app.get(
      '/api/registry/submissions/:id/file',
      {
        ...viewer,
        schema: {
          params,
          querystring: z.object({ path: z.string().min(1).max(200) }),
          response: { 200: comparedFileSchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        await readable(request, id);
        const file = await comparedFile(registry, id, request.query.path);
        if (file === undefined) throw fail('PACKAGE_TAMPERED', 'The stored package cannot be read.');
        return file;
      },
    );

    app.get(
      '/api/registry/submissions/:id/behaviour',
      { ...reviewer, schema: { params, response: { 200: behaviourSchema } } },
      async (request) => {
        const { id } = request.params;
        await readable(request, id);
        const { packageSha256 } = await findSubmission(registry.db, id);
        const subject = await packageOf(registry, packageSha256);
        if (subject === undefined) throw fail('PACKAGE_TAMPERED', 'The stored package cannot be read.');
        return compareBehaviour(await packageBefore(registry, subject), subject, registry.checkTools);
      },
    );

    app.post(
      '/api/registry/submissions/:id/approve',
      { ...reviewer, schema: { params, body: approvalInputSchema, response: { 200: submissionSchema } } },
      async (request) => {
        const { id } = request.params;
        return decided(id, await approveSubmission(registry, id, actorName(request), request.body));
      },
    );
    for (const [act, state] of [
      ['reject', 'rejected'],
      ['request-changes', 'changes_requested'],
    ] as const)
      app.post(
        `/api/registry/submissions/:id/${act}`,
        { ...reviewer, schema: { params, body: reasonInputSchema, response: { 200: submissionSchema } } },
        async (request) => {
          const { id } = request.params;
          return decided(id, await turnDown(registry, id, actorName(request), state, request.body.reason));
        },
      );

    app.get(
      '/api/registry/held',
      { ...reviewer, schema: { response: { 200: heldVersionListSchema } } },
      async (request) => ({ items: await listHeld(registry, actorName(request)) }),
    );
    app.post(
      '/api/registry/plugins/:namespace/:name/versions/:version/release',
      {
        ...reviewer,
        schema: {
          params: z.object({ namespace: z.string().max(40), name: z.string().max(40), version: z.string().max(64) }),
          body: reasonInputSchema,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const { namespace, name, version } = request.params;
        const plugin = `${namespace}/${name}`;
        const outcome = await releaseHeld(registry, plugin, version, actorName(request), request.body.reason);
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return reply.code(204).send(null);
      },
    );

    app.get('/api/registry/revocations', { ...viewer, schema: { response: { 200: revocationListSchema } } }, () =>
      listRevocations(registry),
    );
    app.get(
      '/api/registry/revocations/preview',
      {
        ...reviewer,
        schema: {
          querystring: z.object({ plugin: z.string().max(80), range: z.string().max(100) }),
          response: { 200: revocationPreviewSchema },
        },
      },
      async (request) => {
        const { query } = request;
        const preview = await previewRevocation(registry, query, actorName(request));
        if (preview === undefined) throw fail('BODY_INVALID', `"${query.range}" is no range of versions.`);
        return preview;
      },
    );
    app.post(
      '/api/registry/revocations',
      {
        ...reviewer,
        schema: { body: revocationInputSchema, response: { 201: revocationResultSchema } },
      },
      async (request, reply) => {
        const outcome = await revokeVersions(registry, request.body, actorName(request));
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return reply.code(201).send({ revoked: outcome.revoked, signOff: outcome.signOff ?? null });
      },
    );
  };
}
