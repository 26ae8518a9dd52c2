import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import type { ApiErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import type { Publisher } from '../publish/author-keys.ts';
import type { Registry } from '../registry.ts';

/** Makes the error that the server around writes as its one envelope. */
export type Fail = (code: ApiErrorCode, message: string, details?: Issue[]) => Error;

/** The accounts that the server around has. */
export interface RegistryAccounts {
  /** @returns the id of who has this address */
  findByEmail(email: string): Promise<string | undefined>;
  /** Names by id, of those that exist. */
  namesOf(userIds: readonly string[]): Promise<Map<string, string>>;
}

export interface RouteDependencies {
  registry: Registry;
  accounts: RegistryAccounts;
  fail: Fail;
}

/** The access rule of a route, with what the description of the API says of it. */
export function forRole(access: 'viewer' | 'author', summary: string): { config: object } {
  return { config: { access, summary } };
}

/** Who asks, as the server around has found it out. */
interface Asker {
  userId: string | null;
  registryRoles: readonly string[];
  /** Of a token that publishes in one namespace and can do nothing else. */
  onlyNamespace: string | null;
}

/**
 * A person, by whichever session or token. All tokens of nobody are one: whoever runs the host makes as many of them as
 * they like, and none may approve what another submitted.
 */
export function actorName(request: object): string {
  const { actor } = request as { actor: Asker };
  return actor.userId === null ? OPERATOR : `user:${actor.userId}`;
}

const OPERATOR = 'operator';

/** Who uploads a package, and how far their token goes. */
export function publisherOf(request: object, claims: boolean): Publisher {
  const { onlyNamespace } = (request as { actor: Asker }).actor;
  return { name: actorName(request), claims, ...(onlyNamespace === null ? {} : { onlyNamespace }) };
}

export function mayReview(request: object): boolean {
  const { registryRoles } = (request as { actor: Asker }).actor;
  return registryRoles.includes('reviewer') || registryRoles.includes('admin');
}
