import type {
  EventId,
  GroupId,
  InstallationId,
  IntegrationId,
  RequestId,
  ServiceId,
} from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Severity } from '@patchbay/plugin-sdk/contract/event-payload';
import type { FoldAction, Problem } from './fold.ts';

/** An event with the key whose incident it belongs to, ready to be folded and stored. All text is storable. */
export interface KeyedEvent {
  readonly id: EventId;
  readonly groupId: GroupId;
  readonly serviceId: ServiceId;
  readonly serviceName: string;
  readonly environment: Environment;
  /** Integration type. */
  readonly type: string;
  readonly dedupKey: string;
  /** Microseconds since the epoch, strictly rising by receipt. */
  readonly order: number;
  /** Position within its request. */
  readonly ordinal: number;
  readonly action: FoldAction;
  readonly problem: Problem | null;
  readonly severity: Severity | null;
  readonly summary: string | null;
  /** The whole event as JSON text; null for what an operator did. */
  readonly payload: string | null;
  readonly requestId: RequestId | null;
  readonly integrationId: IntegrationId | null;
  readonly actor: string | null;
  /** True for what a person did from elsewhere: `dedupKey` names an incident of the group, see direct-acts.ts. */
  readonly isAct?: boolean;
  readonly note: string | null;
  /** Set for what a connector emitted: the changes that it makes do not go back there, nor on without end. */
  readonly emitted?: { readonly by: InstallationId; readonly depth: number };
}

/** Time of an order, ISO 8601 in UTC. */
export function timeOfOrder(order: number): string {
  return new Date(order / 1000).toISOString();
}
