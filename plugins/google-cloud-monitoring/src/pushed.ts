import { jsonFrom } from '@patchbay/plugin-sdk';
import type { IngestRequest } from '@patchbay/plugin-sdk';
import { pushSchema } from './incident.schema.ts';

/** What a message says: itself, or what a push of Pub/Sub carries; undefined for a push that carries no JSON. */
export function unpushed(message: unknown, request: IngestRequest): unknown {
  const isPush = typeof message === 'object' && message !== null && 'message' in message && !('incident' in message);
  if (!isPush) return message;
  const { data } = request.parse(pushSchema, message).message;
  try {
    return jsonFrom(new TextDecoder().decode(Uint8Array.fromBase64(data)));
  } catch {
    return undefined;
  }
}
