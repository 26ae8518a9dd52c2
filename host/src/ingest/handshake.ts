import type { DoorIntegration } from './door-integration.ts';
import type { FetchPinned } from './verification/pinned-keys.ts';
import { readSnsMessage } from './verification/sns-message.ts';

/**
 * Handshakes that need a request to the vendor, made by the host to the vendor's pinned hosts, never by a plugin.
 *
 * @param signed true when the message's own signature was verified
 * @returns null when the request is no handshake
 */
export async function performHandshake(
  integration: DoorIntegration,
  body: Buffer,
  signed: boolean,
  fetchPinned: FetchPinned,
): Promise<{ done: boolean; reason: string } | null> {
  if (integration.plugin?.handshake !== 'sns-subscription') return null;
  const message = readSnsMessage(body);
  if (message === null || typeof message === 'string' || message.type !== 'SubscriptionConfirmation') return null;
  if (!signed) return { done: true, reason: 'Subscription not confirmed: signatures are not being verified.' };
  if (message.subscribeUrl === null)
    return { done: true, reason: 'Subscription not confirmed: its URL is not of Amazon SNS.' };
  try {
    const { status } = await fetchPinned(message.subscribeUrl);
    if (status === 200) return { done: true, reason: 'Subscription confirmed' };
    return { done: false, reason: `Subscription not confirmed: Amazon SNS answered ${status}.` };
  } catch {
    return { done: false, reason: 'Subscription not confirmed: Amazon SNS could not be reached.' };
  }
}
