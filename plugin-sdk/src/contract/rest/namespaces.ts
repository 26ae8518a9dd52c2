import { z } from 'zod';
import { namespaceSchema } from '../plugin-id.ts';

/** Namespaces of a registry: who publishes there, and what its admins decide about them. */
export const namespaceRoles = ['owner', 'member'] as const;
export const namespaceRoleSchema = z.enum(namespaceRoles);

const reason = z.string().trim().min(1).max(1000);

/**
 * POST /api/registry/namespaces: a free name is had at once; one that is reserved or somebody else's is asked for with a
 * reason.
 */
export const namespaceInputSchema = z.object({ namespace: namespaceSchema, reason: reason.optional() });
export const namespaceCreatedSchema = z.object({ namespace: z.string(), state: z.enum(['yours', 'asked']) });

/** Of GET /api/registry/namespaces/mine */
export const ownNamespaceSchema = z.object({
  namespace: z.string(),
  role: namespaceRoleSchema,
  members: z.array(
    z.object({
      /** `user:...`, or `operator` for tokens of nobody. */
      member: z.string(),
      role: namespaceRoleSchema,
      addedAt: z.string(),
    }),
  ),
  keys: z.array(z.object({ keyId: z.string(), enrolledAt: z.string() })),
});
export type OwnNamespace = z.infer<typeof ownNamespaceSchema>;

/** PUT /api/registry/namespaces/:namespace/members: by the address of their account. */
export const namespaceMemberInputSchema = z.object({ email: z.email().max(200), role: namespaceRoleSchema });
/** POST /api/registry/namespaces/:namespace/transfer */
export const namespaceTransferSchema = z.object({ email: z.email().max(200) });
/** POST /api/registry/namespaces/:namespace/lost-key: a new key, which nothing signs for. */
export const lostKeySchema = z.object({
  /** SubjectPublicKeyInfo as PEM. */
  publicKey: z.string().max(4096),
  reason,
});

/** GET /api/registry/namespace-requests */
export const namespaceRequestSchema = z.object({
  id: z.string(),
  namespace: z.string(),
  kind: z.enum(['claim', 'lost-key']),
  askedBy: z.string(),
  askedAt: z.string(),
  reason: z.string(),
  /** Of the new key. */
  keyId: z.string().nullable(),
  /** Whose it is now. */
  owners: z.array(z.string()),
  state: z.enum(['open', 'granted', 'refused']),
  decidedAt: z.string().nullable(),
  /** Why it was decided so. */
  decision: z.string().nullable(),
});
export type NamespaceRequest = z.infer<typeof namespaceRequestSchema>;

/** With the names of those in it who have an account here. */
export const namespaceRequestListSchema = z.object({
  items: z.array(namespaceRequestSchema),
  names: z.record(z.string(), z.string()),
});

/** GET /api/registry/namespaces/mine: with what one asked for, and the names of those who have an account here. */
export const ownNamespaceListSchema = z.object({
  items: z.array(ownNamespaceSchema),
  requests: z.array(namespaceRequestSchema),
  names: z.record(z.string(), z.string()),
});

/** POST /api/registry/namespace-requests/:id/decision */
export const namespaceDecisionSchema = z.object({
  grant: z.boolean(),
  reason,
  /** Of a lost key: whether what it signed stays, or is held because somebody else may have the key. */
  versions: z.enum(['keep', 'hold']).default('hold'),
});
export type NamespaceDecision = z.output<typeof namespaceDecisionSchema>;
