import { createHmac, randomBytes } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new signing secret as Standard Webhooks writes them: `whsec_` and base64. */
export function newWebhookSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/**
 * The headers that prove a webhook: Standard Webhooks 1.0.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature`
 * over `id.timestamp.body`, base64), and beside them `X-Timestamp` and `X-Signature: sha256=...` (hex over
 * `timestamp.body`). While a secret is being rotated there is one signature for each valid secret.
 *
 * @param secrets newest first
 * @param timestamp of this attempt, in seconds since the epoch
 */
export function signWebhook(
  secrets: readonly string[],
  id: string,
  timestamp: number,
  body: Buffer,
): Record<string, string> {
  const keys = secrets.map((secret) => Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64'));
  const standard = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`,
  );
  const plain = keys.map(
    (key) => `sha256=${createHmac('sha256', key).update(`${timestamp}.`).update(body).digest('hex')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': standard.join(' '),
    'x-timestamp': String(timestamp),
    'x-signature': plain.join(', '),
  };
}
