import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  lostKeySchema,
  namespaceCreatedSchema,
  namespaceDecisionSchema,
  namespaceInputSchema,
  namespaceMemberInputSchema,
  namespaceRequestListSchema,
  namespaceTransferSchema,
  ownNamespaceListSchema,
} from '@patchbay/plugin-sdk/contract/rest/namespaces';
import { parsePublicKey } from '@patchbay/plugin-sdk/package/signing-key';
import { removeMember, setMember, transferNamespace } from '../namespaces/change-members.ts';
import { createNamespace } from '../namespaces/create-namespace.ts';
import { openRequests, ownRequests } from '../namespaces/list-requests.ts';
import { askForNamespace, decideRequest, reportLostKey } from '../namespaces/namespace-requests.ts';
import { ownNamespaces } from '../namespaces/own-namespaces.ts';
import { actorName, type RouteDependencies } from './route-dependencies.ts';

const params = z.object({ namespace: z.string().max(40) });
const memberParams = params.extend({ member: z.string().max(100) });
const requestParams = z.object({ id: z.string().max(64) });

/** Who publishes where: names, members, keys that were lost, and what the registry's admins decide. */
export function namespaceRoutes({ registry, accounts, fail }: RouteDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    const author = { config: { access: 'author' } as object };
    const admin = { config: { access: 'registry-admin' } as object };
    type Outcome = { ok: true } | { ok: false; code: Parameters<typeof fail>[0]; message: string };
    const carriedOut = (outcome: Outcome): void => {
      if (!outcome.ok) throw fail(outcome.code, outcome.message);
    };
    const memberOf = async (email: string): Promise<string> => {
      const userId = await accounts.findByEmail(email);
      if (userId === undefined) throw fail('NOT_FOUND', 'Nobody has an account with this address here.');
      return `user:${userId}`;
    };

    const namesOf = async (people: readonly string[]): Promise<Record<string, string>> => {
      const names = await accounts.namesOf([...new Set(people.map((one) => one.replace(/^user:/, '')))]);
      return Object.fromEntries([...names].map(([id, name]) => [`user:${id}`, name]));
    };

    app.get(
      '/api/registry/namespaces/mine',
      { ...author, schema: { response: { 200: ownNamespaceListSchema } } },
      async (request) => {
        const by = actorName(request);
        const items = await ownNamespaces(registry, by);
        const members = items.flatMap((one) => one.members.map(({ member }) => member));
        return { items, requests: await ownRequests(registry, by), names: await namesOf(members) };
      },
    );

    app.post(
      '/api/registry/namespaces',
      { ...author, schema: { body: namespaceInputSchema, response: { 201: namespaceCreatedSchema } } },
      async (request, reply) => {
        const { namespace, reason } = request.body;
        const by = actorName(request);
        const created = await createNamespace(registry, namespace, by);
        if (!created.ok) {
          if (reason === undefined) throw fail(created.code, created.message);
          carriedOut(await askForNamespace(registry, namespace, reason, by));
        }
        return reply.code(201).send({ namespace, state: created.ok ? 'yours' : 'asked' });
      },
    );

    app.put(
      '/api/registry/namespaces/:namespace/members',
      { ...author, schema: { params, body: namespaceMemberInputSchema, response: { 204: z.null() } } },
      async (request, reply) => {
        const { email, role } = request.body;
        const { namespace } = request.params;
        carriedOut(await setMember(registry, namespace, await memberOf(email), role, actorName(request)));
        return reply.code(204).send(null);
      },
    );
    app.delete(
      '/api/registry/namespaces/:namespace/members/:member',
      { ...author, schema: { params: memberParams, response: { 204: z.null() } } },
      async (request, reply) => {
        const { namespace, member } = request.params;
        carriedOut(await removeMember(registry, namespace, member, actorName(request)));
        return reply.code(204).send(null);
      },
    );
    app.post(
      '/api/registry/namespaces/:namespace/transfer',
      { ...author, schema: { params, body: namespaceTransferSchema, response: { 204: z.null() } } },
      async (request, reply) => {
        const to = await memberOf(request.body.email);
        carriedOut(await transferNamespace(registry, request.params.namespace, to, actorName(request)));
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/api/registry/namespaces/:namespace/lost-key',
      { ...author, schema: { params, body: lostKeySchema, response: { 202: z.object({ requestId: z.string() }) } } },
      async (request, reply) => {
        const { publicKey, reason } = request.body;
        const { namespace } = request.params;
        const outcome = await reportLostKey(registry, namespace, keyFrom(publicKey), reason, actorName(request));
        if (!outcome.ok) throw fail(outcome.code, outcome.message);
        return reply.code(202).send({ requestId: outcome.requestId });
      },
    );

    app.get(
      '/api/registry/namespace-requests',
      { ...admin, schema: { response: { 200: namespaceRequestListSchema } } },
      async () => {
        const items = await openRequests(registry);
        return { items, names: await namesOf(items.flatMap(({ askedBy, owners }) => [askedBy, ...owners])) };
      },
    );
    app.post(
      '/api/registry/namespace-requests/:id/decision',
      { ...admin, schema: { params: requestParams, body: namespaceDecisionSchema, response: { 204: z.null() } } },
      async (request, reply) => {
        carriedOut(await decideRequest(registry, request.params.id, request.body, actorName(request)));
        return reply.code(204).send(null);
      },
    );

    function keyFrom(pem: string) {
      try {
        return parsePublicKey(pem);
      } catch {
        throw fail('BODY_INVALID', 'The new key is not an Ed25519 public key in PEM.');
      }
    }
  };
}
