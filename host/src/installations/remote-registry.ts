import { packageLimits } from '@patchbay/plugin-sdk/contract/limits';
import { RegistryUnavailable, type RegistryRequest } from '@patchbay/registry/client/registry-client';
import type { Egress } from '../egress/egress.ts';

const TIMEOUT_MS = 30_000;

/**
 * Requests to a registry elsewhere. Its address comes from whoever runs the host, so it may be a private one; what it
 * answers is trusted no more than any other answer, and verified by its signatures.
 *
 * @param token of an account at that registry; the scopes `read` and `write`
 */
export function remoteRegistry(options: { url: string; token: string | undefined; egress: Egress }): RegistryRequest {
  const base = options.url.replace(/\/+$/, '');
  return async (method, path) => {
    const result = await options.egress.send({
      url: base + path,
      method,
      headers: {
        'user-agent': 'Patchbay',
        ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      },
      body: null,
      timeoutMs: TIMEOUT_MS,
      responseBytes: packageLimits.packedBytes,
    });
    if (!result.ok) throw new RegistryUnavailable(`The registry at ${base} cannot be reached: ${result.message}`);
    const { status, body } = result.answer;
    if (status === 401 || status === 403)
      throw new RegistryUnavailable(`The registry at ${base} does not take PATCHBAY_REGISTRY_TOKEN.`);
    return { status, body };
  };
}
