import { RegistryUnavailable } from '@patchbay/registry/client/registry-client';
import { ApiError } from '../api/api-error.ts';

const RETRY_AFTER_SECONDS = 30;

/** What a caller is told when the registry is away or is not believed; every other error stays what it is. */
export function registryProblem(error: unknown): unknown {
  if (!(error instanceof RegistryUnavailable)) return error;
  return new ApiError(error.code, error.message, { cause: error, retryAfterSeconds: RETRY_AFTER_SECONDS });
}
