import 'fastify';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import {
  groupRoles,
  type GroupRole,
  type RegistryRole,
  type TokenScope,
} from '@patchbay/plugin-sdk/contract/rest/identity';

/**
 * Who may use a route. Every route names it in `config.access`; a route that does not cannot be registered.
 *
 *   public            nobody is asked (sign-in, health, static files)
 *   integration       the ingest door: key or signature of an integration, checked by the door itself
 *   viewer ... owner  that role in the group, or a higher one
 *   author, reviewer  that role in the registry (its admins may do both)
 */
export type Access = 'public' | 'integration' | GroupRole | Exclude<RegistryRole, 'admin'> | 'registry-admin';

/** Who asks, known after the session or token was checked. */
export interface Actor {
  groupId: GroupId;
  role: GroupRole;
  registryRoles: readonly RegistryRole[];
  /** For the audit log: `user:usr_...` or `token:tok_...`. */
  name: string;
  userId: string | null;
  /** Tokens do no more than their scopes; a session has all. */
  scopes: readonly TokenScope[];
  /** Set for a token with the scope `publish`: the one namespace that it is good for. */
  onlyNamespace: string | null;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** A token with the scope `publish` may use the route; no other route takes it. */
    publishes?: boolean;
    /** Answered also while the database is away, to a token that was good not long ago. */
    withoutDatabase?: boolean;
    /** For the description of the API: what the route is for. */
    summary?: string;
    /** For the description of the API: media types of bodies that are bytes and have no schema. */
    takes?: string;
    gives?: string;
  }
  interface FastifyRequest {
    /** Set on every route that is not public; reading it elsewhere is a bug and throws. */
    actor: Actor;
  }
}

/** True when the actor's role in the group is that role or a higher one. */
export function hasRole(actor: Actor, role: GroupRole): boolean {
  return groupRoles.indexOf(actor.role) <= groupRoles.indexOf(role);
}
