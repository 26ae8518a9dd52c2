import { z } from 'zod';
import { namespaceSchema } from '../plugin-id.ts';

export const groupRoles = ['owner', 'admin', 'member', 'viewer'] as const;
export const groupRoleSchema = z.enum(groupRoles);
export type GroupRole = z.infer<typeof groupRoleSchema>;

export const registryRoles = ['author', 'reviewer', 'admin'] as const;
export const registryRoleSchema = z.enum(registryRoles);
export type RegistryRole = z.infer<typeof registryRoleSchema>;

/** Scopes of API tokens; a token never does more than its creator's role. */
/**
 * `write` contains `read`. `publish` uploads packages of one namespace and can do nothing else, whatever its maker can.
 */
export const tokenScopes = ['read', 'write', 'admin', 'publish'] as const;
export const tokenScopeSchema = z.enum(tokenScopes);
export type TokenScope = z.infer<typeof tokenScopeSchema>;

/** GET /api/session: who am I, where, and what the screen must warn of. */
export const sessionSchema = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
  group: z.object({ id: z.string(), name: z.string(), role: groupRoleSchema }),
  groups: z.array(z.object({ id: z.string(), name: z.string(), role: groupRoleSchema })),
  registryRoles: z.array(registryRoleSchema),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  publicUrl: z.string(),
  /** Nothing but the registry runs here. */
  registryOnly: z.boolean(),
  version: z.string(),
});
export type Session = z.infer<typeof sessionSchema>;

/** GET /api/setup: whether the first owner still has to be made. */
export const setupStateSchema = z.object({ needed: z.boolean() });
/** POST /api/setup {code, name, email, password}: makes the first owner and signs in. The code is on the host's console. */
export const setupInputSchema = z.object({
  code: z.string().min(1).max(200),
  name: z.string().min(1).max(100),
  email: z.email().max(254),
  password: z.string().min(10).max(200),
});
/** POST /api/sign-in, sets the session cookie; POST /api/sign-out clears it. */
export const signInInputSchema = z.object({ email: z.email().max(254), password: z.string().min(1).max(200) });

/** GET /api/tokens, POST /api/tokens, DELETE /api/tokens/:id. */
export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(tokenScopeSchema),
  /** The one namespace of a token that only publishes. */
  namespace: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
});
export type Token = z.infer<typeof tokenSchema>;
export const tokenInputSchema = z
  .object({
    name: z.string().min(1).max(80),
    scopes: z.array(tokenScopeSchema).min(1),
    namespace: namespaceSchema.nullable().default(null),
    expiresInDays: z.int().min(1).max(365).nullable().default(90),
  })
  .refine(({ scopes }) => !scopes.includes('publish') || scopes.length === 1, {
    path: ['scopes'],
    message: 'A token that publishes can do nothing else',
  })
  .refine(({ scopes, namespace }) => scopes.includes('publish') === (namespace !== null), {
    path: ['namespace'],
    message: 'A token that publishes is for one namespace, and no other token is',
  });
/** The token itself is shown once. */
export const tokenCreatedSchema = tokenSchema.extend({ token: z.string() });

/** GET /api/members, POST /api/members (makes an account with a one-time password), PATCH, DELETE /api/members/:userId. */
export const memberSchema = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role: groupRoleSchema,
  joinedAt: z.string(),
});
export type Member = z.infer<typeof memberSchema>;

/** POST /api/groups makes another group, owned by who asks; PATCH /api/group renames the one at hand. */
export const groupInputSchema = z.object({ name: z.string().trim().min(1).max(80) });
export const groupSchema = z.object({ id: z.string(), name: z.string(), role: groupRoleSchema });

/** GET /api/registry-members: every account of the host; PUT /api/registry-members/:userId {roles} sets all its roles. */
export const registryMemberSchema = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(registryRoleSchema),
});
export type RegistryMember = z.infer<typeof registryMemberSchema>;
export const registryRolesInputSchema = z.object({ roles: z.array(registryRoleSchema).max(registryRoles.length) });

/** GET /api/audit. */
export const auditEntrySchema = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
