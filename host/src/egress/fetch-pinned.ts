import type { Egress } from './egress.ts';

const TIMEOUT_MS = 5_000;
const BYTES_MAX = 64 * 1024;

/**
 * GET for addresses that the caller has pinned to a vendor's hosts (certificates, handshakes).
 *
 * @param bytesMax the largest answer that is read
 * @throws Error when there is no answer
 */
export function createFetchPinned(
  egress: Egress,
  bytesMax: number = BYTES_MAX,
): (url: string) => Promise<{ status: number; body: Uint8Array }> {
  return async (url) => {
    const result = await egress.send({
      url,
      method: 'GET',
      headers: { 'user-agent': 'Patchbay' },
      body: null,
      timeoutMs: TIMEOUT_MS,
      responseBytes: bytesMax,
    });
    if (!result.ok) throw new Error(result.message);
    return { status: result.answer.status, body: result.answer.body };
  };
}
