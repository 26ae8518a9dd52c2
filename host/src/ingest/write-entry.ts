import type { KeyedEvent } from '../incidents/keyed-event.ts';
import type { RequestRow, RequestVerdict } from './request-row.ts';
import type { NamedDelivery } from './seen-deliveries.ts';

/**
 * Whom a request is from.
 *
 *   sender    has shown a valid key or signature
 *   operator  has signed in: a test event or a replay, which says nothing about the sender
 *   stranger  was refused before it had shown anything; whoever knows an integration's id can be one
 */
export type Origin = 'sender' | 'operator' | 'stranger';

/** A request that came in, or the result of one that was pending. */
export type WriteEntry =
  | {
      readonly kind: 'receive';
      readonly from: Origin;
      readonly request: RequestRow;
      readonly verdict: RequestVerdict;
      readonly events: readonly KeyedEvent[];
      /** What is written only if no delivery of this name was; null for one without a name. */
      readonly delivery: NamedDelivery | null;
    }
  | {
      /** Counts only while the request is still claimed by this claim. */
      readonly kind: 'finish';
      readonly request: Pick<RequestRow, 'groupId' | 'requestId' | 'integrationId' | 'order'>;
      readonly claimId: string;
      readonly plugin: { id: string; version: string };
      readonly verdict: RequestVerdict;
      readonly events: readonly KeyedEvent[];
    };
