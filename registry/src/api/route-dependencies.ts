import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import type { ApiErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import type { Registry } from '../registry.ts';

/** Makes the error that the server around writes as its one envelope. */
export type Fail = (code: ApiErrorCode, message: string, details?: Issue[]) => Error;

export interface RouteDependencies {
  registry: Registry;
  fail: Fail;
}

/** Who asks, as the server around has found it out. */
interface Asker {
  userId: string | null;
  registryRoles: readonly string[];
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

export function mayReview(request: object): boolean {
  const { registryRoles } = (request as { actor: Asker }).actor;
  return registryRoles.includes('reviewer') || registryRoles.includes('admin');
}
