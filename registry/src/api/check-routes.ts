import { requiredChecks, type CheckName } from '@patchbay/plugin-sdk/checks/check-result';
import {
  badDigestInputSchema,
  badDigestSchema,
  checkPolicyInputSchema,
  checkPolicySchema,
  reasonInputSchema,
  submissionSchema,
  waiverInputSchema,
} from '@patchbay/plugin-sdk/contract/rest/registry';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { quarantineSubmission, recheckSubmission } from '../publish/quarantine.ts';
import { addBadDigest, listBadDigests, removeBadDigest } from '../review/bad-digests.ts';
import { checkPolicies, fixedChecks, setCheckPolicy } from '../review/check-policies.ts';
import { showSubmission } from '../review/review-queue.ts';
import { waiveFinding } from '../review/waivers.ts';
import { actorName, type RouteDependencies } from './route-dependencies.ts';

const submission = z.object({ id: z.string().max(64) });
const check = z.object({ name: z.enum(requiredChecks) });
const digest = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** What reviewers and admins say about checks: switches, waivers, holding, and what is known to be bad. */
export function checkRoutes({ registry, fail }: RouteDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    const reviewer = { config: { access: 'reviewer' } as object };
    const admin = { config: { access: 'registry-admin' } as object };

    async function policyOf(name: CheckName) {
      return { name, ...(await checkPolicies(registry.db))[name], fixed: fixedChecks.includes(name) };
    }

    async function known(id: string): Promise<void> {
      const row = await registry.db
        .selectFrom('registry_submissions')
        .select('submission_id')
        .where('submission_id', '=', id)
        .executeTakeFirst();
      if (row === undefined) throw fail('NOT_FOUND', 'There is no such submission.');
    }

    app.get(
      '/api/registry/checks',
      { ...reviewer, schema: { response: { 200: z.object({ items: z.array(checkPolicySchema) }) } } },
      async () => ({ items: await Promise.all(requiredChecks.map(policyOf)) }),
    );
    app.put(
      '/api/registry/checks/:name',
      { ...admin, schema: { params: check, body: checkPolicyInputSchema, response: { 200: checkPolicySchema } } },
      async (request) => {
        const { name } = request.params;
        const { reason, ...policy } = request.body;
        const outcome = await setCheckPolicy(registry, name, policy, actorName(request), reason);
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return policyOf(name);
      },
    );

    app.post(
      '/api/registry/submissions/:id/waivers',
      { ...reviewer, schema: { params: submission, body: waiverInputSchema, response: { 204: z.null() } } },
      async (request, reply) => {
        const { id } = request.params;
        await known(id);
        const outcome = await waiveFinding(registry, id, request.body, actorName(request));
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return reply.code(204).send(null);
      },
    );
    app.post(
      '/api/registry/submissions/:id/quarantine',
      { ...reviewer, schema: { params: submission, body: reasonInputSchema, response: { 200: submissionSchema } } },
      async (request) => {
        const { id } = request.params;
        await known(id);
        if (!(await quarantineSubmission(registry, id, actorName(request), request.body.reason)))
          throw fail('CONFLICT', 'Only what is being checked or reviewed can be held.');
        return showSubmission(registry, id);
      },
    );
    app.post(
      '/api/registry/submissions/:id/check-again',
      { ...reviewer, schema: { params: submission, response: { 200: submissionSchema } } },
      async (request) => {
        const { id } = request.params;
        await known(id);
        if (!(await recheckSubmission(registry, id, actorName(request))))
          throw fail('CONFLICT', 'Only a held submission is checked again by hand.');
        return showSubmission(registry, id);
      },
    );

    app.get(
      '/api/registry/bad-digests',
      { ...reviewer, schema: { response: { 200: z.object({ items: z.array(badDigestSchema) }) } } },
      async () => ({ items: await listBadDigests(registry) }),
    );
    app.post(
      '/api/registry/bad-digests',
      { ...admin, schema: { body: badDigestInputSchema, response: { 204: z.null() } } },
      async (request, reply) => {
        await addBadDigest(registry, request.body.sha256, request.body.reason, actorName(request));
        return reply.code(204).send(null);
      },
    );
    app.delete(
      '/api/registry/bad-digests/:sha256',
      { ...admin, schema: { params: digest, response: { 204: z.null() } } },
      async (request, reply) => {
        if (!(await removeBadDigest(registry, request.params.sha256, actorName(request))))
          throw fail('NOT_FOUND', 'This digest is not on the list.');
        return reply.code(204).send(null);
      },
    );
  };
}
