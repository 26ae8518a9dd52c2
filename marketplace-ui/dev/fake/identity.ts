import {
  auditEntrySchema,
  memberSchema,
  sessionSchema,
  setupInputSchema,
  signInInputSchema,
  tokenCreatedSchema,
  tokenInputSchema,
  tokenSchema,
  type Member,
  type Token,
} from '@patchbay/plugin-sdk/contract/rest/identity';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import { pageOf, refusal, Reply, strict, type FakeRoute } from './route.ts';

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** The fake's one cookie; `viewer` signs in with fewer rights, `fresh` is a host that was never set up. */
export function isSignedIn(cookie: string | undefined): boolean {
  return /patchbay_session=(owner|viewer)/.test(cookie ?? '');
}

const groups = [
  { id: 'grp_01kaq0000000000000000000aa', name: 'Northwind Platform', role: 'owner' as const },
  { id: 'grp_01kaq0000000000000000000bb', name: 'Northwind Retail', role: 'member' as const },
];

const members: Member[] = [
  {
    userId: newId('user'),
    name: 'Ada Okafor',
    email: 'ada@northwind.example',
    role: 'owner' as const,
    joinedAt: ago(60 * 24 * 92),
  },
  {
    userId: newId('user'),
    name: 'Jonas Lindqvist',
    email: 'jonas@northwind.example',
    role: 'admin' as const,
    joinedAt: ago(60 * 24 * 61),
  },
  {
    userId: newId('user'),
    name: 'Mei Tanaka',
    email: 'mei@northwind.example',
    role: 'member' as const,
    joinedAt: ago(60 * 24 * 12),
  },
  {
    userId: newId('user'),
    name: 'Rui Carvalho',
    email: 'rui@northwind.example',
    role: 'viewer' as const,
    joinedAt: ago(60 * 5),
  },
].map((member) => strict(memberSchema, member));

const tokens: Token[] = [
  {
    id: newId('token'),
    name: 'CI smoke test',
    prefix: 'pb_8Kq2',
    scopes: ['read' as const],
    namespace: null,
    createdAt: ago(60 * 24 * 30),
    expiresAt: ago(-60 * 24 * 60),
    lastUsedAt: ago(4),
  },
  {
    id: newId('token'),
    name: 'Terraform',
    prefix: 'pb_xM41',
    scopes: ['read' as const, 'write' as const],
    namespace: null,
    createdAt: ago(60 * 24 * 80),
    expiresAt: ago(-60 * 24 * 3),
    lastUsedAt: ago(60 * 26),
  },
  {
    id: newId('token'),
    name: 'Old backup job',
    prefix: 'pb_L0zz',
    scopes: ['read' as const],
    namespace: null,
    createdAt: ago(60 * 24 * 300),
    expiresAt: ago(60 * 24 * 10),
    lastUsedAt: null,
  },
].map((token) => strict(tokenSchema, token));

const audit = [
  ['Ada Okafor', 'installation.created', 'jira-cloud 1.0.0', { permissions: 3, environment: 'production' }, 12],
  ['Ada Okafor', 'integration.key_rotated', 'Alertmanager, cluster fra-1', { overlapHours: 24 }, 48],
  ['Jonas Lindqvist', 'incident.acknowledged', 'Incident 1042', { note: 'Looking at the primary.' }, 63],
  [
    'token Terraform',
    'webhook.created',
    'Status page',
    { url: 'https://status.northwind.example/hooks/patchbay' },
    200,
  ],
  ['Jonas Lindqvist', 'member.role_changed', 'mei@northwind.example', { from: 'viewer', to: 'member' }, 1500],
  ['host', 'plugin.quarantined', 'acme/noisy 0.2.1', { code: 'PLUGIN_TIMEOUT' }, 3000],
].map(([actor, action, target, details, minutes]) =>
  strict(auditEntrySchema, {
    id: newId('audit'),
    at: ago(minutes as number),
    actor: actor as string,
    action: action as string,
    target: target as string,
    details: details as Record<string, unknown>,
  }),
);

export function identityRoutes(): FakeRoute[] {
  return [
    { method: 'GET', path: '/setup', answer: ({ headers }) => ({ needed: /fresh/.test(String(headers.cookie)) }) },
    {
      method: 'POST',
      path: '/setup',
      answer: ({ body }) => {
        const input = setupInputSchema.safeParse(body);
        if (!input.success) return refusal('BODY_INVALID', 'The request body does not have the expected shape.');
        if (input.data.code !== 'k7pm-2qxt') return refusal('FORBIDDEN', 'The setup code is wrong or was used.');
        return { ok: true, cookie: 'patchbay_session=owner; Path=/' };
      },
    },
    {
      method: 'POST',
      path: '/sign-in',
      answer: ({ body }) => {
        const input = signInInputSchema.safeParse(body);
        if (!input.success || input.data.password === 'wrong') {
          return refusal('SESSION_REQUIRED', 'Email or password is wrong.');
        }
        return { cookie: `patchbay_session=${input.data.email.startsWith('rui') ? 'viewer' : 'owner'}; Path=/` };
      },
    },
    { method: 'POST', path: '/sign-out', answer: () => ({ cookie: 'patchbay_session=; Path=/' }) },
    {
      method: 'GET',
      path: '/session',
      answer: ({ headers }) => {
        const viewer = /viewer/.test(String(headers.cookie));
        const who = members[viewer ? 3 : 0]!;
        return strict(sessionSchema, {
          user: { id: who.userId, name: who.name, email: who.email },
          group: { ...groups[0]!, role: who.role },
          groups: groups.map((group) => ({ ...group })),
          registryRoles: viewer ? [] : ['admin'],
          registryOnly: false,
          warnings: [
            {
              code: 'RATE_LIMIT_OFF',
              message: 'The rate limit of integrations is switched off (INTEGRATION_RATE_LIMIT=false).',
            },
          ],
          publicUrl: 'http://127.0.0.1:3000',
          version: '0.1.0',
        });
      },
    },
    { method: 'GET', path: '/members', answer: () => ({ items: members }) },
    {
      method: 'POST',
      path: '/members',
      answer: ({ body }) => {
        const { name, email, role } = body as { name: string; email: string; role: Member['role'] };
        if (members.some((member) => member.email === email)) {
          return refusal('CONFLICT', `${email} is already a member.`);
        }
        const member = strict(memberSchema, { userId: newId('user'), name, email, role, joinedAt: ago(0) });
        members.push(member);
        return new Reply(201, { ...member, oneTimePassword: 'fake-one-time-password' });
      },
    },
    {
      method: 'PATCH',
      path: '/members/:userId',
      answer: ({ params, body }) => {
        const member = members.find((one) => one.userId === params['userId']);
        if (!member) return refusal('NOT_FOUND', 'There is no such member.');
        return Object.assign(member, body);
      },
    },
    {
      method: 'DELETE',
      path: '/members/:userId',
      answer: ({ params }) => {
        members.splice(
          members.findIndex((one) => one.userId === params['userId']),
          1,
        );
        return new Reply(204, null, 'text/plain');
      },
    },
    { method: 'GET', path: '/tokens', answer: () => ({ items: tokens }) },
    {
      method: 'POST',
      path: '/tokens',
      answer: ({ body }) => {
        const input = tokenInputSchema.parse(body);
        const token = strict(tokenSchema, {
          id: newId('token'),
          name: input.name,
          prefix: 'pb_T7wd',
          scopes: input.scopes,
          namespace: input.namespace,
          createdAt: ago(0),
          expiresAt: input.expiresInDays === null ? null : ago(-input.expiresInDays * 24 * 60),
          lastUsedAt: null,
        });
        tokens.unshift(token);
        return new Reply(
          201,
          strict(tokenCreatedSchema, { ...token, token: 'pb_T7wd_fakefakefakefakefakefakefakefake' }),
        );
      },
    },
    {
      method: 'DELETE',
      path: '/tokens/:id',
      answer: ({ params }) => {
        tokens.splice(
          tokens.findIndex((one) => one.id === params['id']),
          1,
        );
        return new Reply(204, null, 'text/plain');
      },
    },
    { method: 'GET', path: '/audit', answer: ({ query }) => pageOf(audit, query) },
  ];
}
