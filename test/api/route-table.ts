import type { GroupRole } from '@patchbay/plugin-sdk/contract/rest/identity';

/**
 * Who may use a route.
 *
 *   public            anybody
 *   integration       who has the key of an integration; no session and no token of a person opens it
 *   viewer ... owner  that role in the group, or a higher one
 *   author, reviewer  that role in the registry, or its admin
 */
export type Rule = 'public' | 'integration' | GroupRole | 'author' | 'reviewer';

/** Every route of the host, by method and path. HEAD goes with GET. What stands here was decided, not derived. */
export const routeTable: Readonly<Record<string, Rule>> = {
  'GET /health/live': 'public',
  'GET /health/ready': 'public',
  'GET /assets/*': 'public',
  'GET /favicon.svg': 'public',
  'GET /api/docs': 'public',
  'HEAD /api/docs/': 'public',
  'GET /api/docs/json': 'public',
  'GET /api/docs/yaml': 'public',
  'GET /api/docs/static/*': 'public',
  'GET /api/docs/static/index.html': 'public',
  'GET /api/docs/static/swagger-initializer.js': 'public',

  'GET /api/setup': 'public',
  'POST /api/setup': 'public',
  'POST /api/sign-in': 'public',
  'POST /api/sign-out': 'public',
  'GET /api/session': 'viewer',
  'GET /api/stream': 'viewer',

  'GET /api/members': 'viewer',
  'POST /api/members': 'admin',
  'PATCH /api/members/:userId': 'admin',
  'DELETE /api/members/:userId': 'admin',
  'GET /api/tokens': 'viewer',
  'POST /api/tokens': 'viewer',
  'DELETE /api/tokens/:id': 'viewer',
  'GET /api/audit': 'admin',
  'GET /api/admin/key-rotation': 'owner',
  'POST /api/admin/key-rotation': 'owner',

  'GET /api/plugins': 'viewer',
  'GET /api/plugins/:namespace/:name': 'viewer',
  'GET /api/plugins/:namespace/:name/icon': 'viewer',
  'GET /api/installations': 'viewer',
  'POST /api/installations': 'admin',
  'GET /api/installations/:id': 'viewer',
  'POST /api/installations/:id/consent': 'admin',
  'PATCH /api/installations/:id': 'admin',
  'DELETE /api/installations/:id': 'admin',
  'POST /api/installations/:id/update': 'admin',
  'POST /api/installations/:id/rollback': 'admin',
  'POST /api/installations/:id/release': 'admin',
  'GET /api/plugin-runs': 'viewer',
  'GET /metrics': 'viewer',

  'GET /api/services': 'viewer',
  'POST /api/services': 'member',
  'GET /api/services/:id': 'viewer',
  'PATCH /api/services/:id': 'member',
  'DELETE /api/services/:id': 'admin',

  'GET /api/integrations': 'viewer',
  'POST /api/integrations': 'member',
  'GET /api/integrations/health': 'viewer',
  'GET /api/integrations/:id': 'viewer',
  'PATCH /api/integrations/:id': 'member',
  'DELETE /api/integrations/:id': 'member',
  'POST /api/integrations/:id/rotate-key': 'member',
  'POST /api/integrations/:id/test': 'member',
  'GET /api/integrations/:id/requests': 'viewer',
  'GET /api/requests/:id': 'viewer',
  'POST /api/requests/:id/replay': 'member',

  'GET /api/incidents': 'viewer',
  'GET /api/incidents/:id': 'viewer',
  'POST /api/incidents/:id/acknowledge': 'member',
  'POST /api/incidents/:id/resolve': 'member',
  'POST /api/incidents/:id/reopen': 'member',

  'GET /api/deliveries': 'viewer',
  'GET /api/deliveries/:id': 'viewer',
  'POST /api/deliveries/:id/replay': 'member',
  'POST /api/deliveries/:id/cancel': 'member',
  'GET /api/subscriptions': 'viewer',
  'POST /api/subscriptions': 'admin',
  'GET /api/subscriptions/:id': 'viewer',
  'PATCH /api/subscriptions/:id': 'admin',
  'DELETE /api/subscriptions/:id': 'admin',
  ...webhooksAt('/api/webhooks'),
  ...webhooksAt('/api/integrations/webhooks'),

  'GET /api/registry/key': 'viewer',
  'GET /api/registry/plugins': 'viewer',
  'POST /api/registry/plugins': 'author',
  'GET /api/registry/plugins/:namespace/:name': 'viewer',
  'GET /api/registry/packages/:sha256': 'viewer',
  'POST /api/registry/plugins/:namespace/:name/versions/:version/yank': 'author',
  'DELETE /api/registry/plugins/:namespace/:name/versions/:version/yank': 'author',
  'GET /api/registry/submissions': 'reviewer',
  'GET /api/registry/submissions/mine': 'author',
  'GET /api/registry/submissions/:id': 'viewer',
  'GET /api/registry/submissions/:id/file': 'viewer',
  'GET /api/registry/submissions/:id/behaviour': 'reviewer',
  'POST /api/registry/submissions/:id/request-changes': 'reviewer',
  'POST /api/registry/plugins/:namespace/:name/versions/:version/release': 'reviewer',
  'GET /api/registry/revocations': 'viewer',
  'GET /api/registry/revocations/preview': 'reviewer',
  'GET /api/registry/revocations/signed': 'viewer',
  'POST /api/registry/revocations': 'reviewer',
  'GET /api/registry/plugins/mine': 'author',
  'POST /api/registry/plugins/:namespace/:name/deprecation': 'author',
  'DELETE /api/registry/plugins/:namespace/:name/deprecation': 'author',
  'POST /api/registry/namespaces/:namespace/keys': 'author',
  'POST /api/registry/submissions/:id/approve': 'reviewer',
  'POST /api/registry/submissions/:id/reject': 'reviewer',
};

function webhooksAt(base: string): Record<string, Rule> {
  return {
    [`GET ${base}`]: 'viewer',
    [`POST ${base}`]: 'admin',
    [`GET ${base}/:id`]: 'viewer',
    [`PATCH ${base}/:id`]: 'admin',
    [`PUT ${base}/:id`]: 'admin',
    [`DELETE ${base}/:id`]: 'admin',
    [`POST ${base}/:id/rotate-secret`]: 'admin',
    [`POST ${base}/:id/test`]: 'member',
    [`GET ${base}/:id/deliveries`]: 'viewer',
    [`POST ${base}/:id/replay/:deliveryId`]: 'member',
  };
}
