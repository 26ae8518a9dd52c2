import type { KeyedEvent } from '../incidents/keyed-event.ts';
import type { RequestRow, RequestVerdict } from './request-row.ts';
import type { NamedDelivery } from './seen-deliveries.ts';

/** A request that came in, or the result of one that was pending. */
export type WriteEntry =
  | {
      readonly kind: 'receive';
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
