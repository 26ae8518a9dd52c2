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
  name: string;
  userId: string | null;
  registryRoles: readonly string[];
}

/** A person, by whichever session or token, or a token of nobody. */
export function actorName(request: object): string {
  const { actor } = request as { actor: Asker };
  return actor.userId === null ? actor.name : `user:${actor.userId}`;
}

export function mayReview(request: object): boolean {
  const { registryRoles } = (request as { actor: Asker }).actor;
  return registryRoles.includes('reviewer') || registryRoles.includes('admin');
}
