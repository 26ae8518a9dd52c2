import type { ColumnType, Generated } from 'kysely';
import type {
  DeliveryId,
  DestinationId,
  GroupId,
  IncidentId,
  InstallationId,
  ServiceId,
} from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Severity } from '@patchbay/plugin-sdk/contract/event-payload';
import type { Change, ChangeType, LinkedObject } from '@patchbay/plugin-sdk/contract/envelopes';
import type { SubscriptionFilter, DeliveryState } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import type { Time, TimeDefault, MaybeTime, Json, JsonDefault, MaybeJson, BigDefault, Bytes } from './columns.ts';

/** Changes of incidents on their way out. */
export interface DeliveryTables {
  outbox: {
    group_id: GroupId;
    change_id: string;
    seq: Generated<number>;
    change_type: ChangeType;
    incident_id: IncidentId;
    service_id: ServiceId;
    environment: Environment;
    integration_type: string;
    severity: Severity;
    occurred_at: Time;
    change: Json<Change>;
    emitted_by: InstallationId | null;
    /** How many connectors stand between what a sender sent and this change. */
    emit_depth: Generated<number>;
  };
  destinations: {
    group_id: GroupId;
    destination_id: DestinationId;
    kind: 'connector' | 'webhook';
    name: string;
    environment: Environment;
    installation_id: InstallationId | null;
    url: string | null;
    headers: JsonDefault<Record<string, string>>;
    filter: Json<SubscriptionFilter>;
    state: 'active' | 'paused' | 'attention' | 'disabled';
    state_code: string | null;
    state_reason: string | null;
    max_in_flight: number;
    max_attempts: number;
    retry_schedule_ms: Json<number[]>;
    failing_since: MaybeTime;
    open_until: MaybeTime;
    last_served_at: MaybeTime;
    next_due_at: MaybeTime;
    created_at: TimeDefault;
    removed_at: MaybeTime;
  };
  deliveries: {
    group_id: GroupId;
    delivery_id: DeliveryId;
    seq: Generated<number>;
    destination_id: DestinationId;
    incident_id: IncidentId;
    change_id: string;
    change_type: ChangeType;
    change: Json<Change>;
    state: DeliveryState;
    attempts: Generated<number>;
    max_attempts: number;
    due_at: Time;
    claim_id: string | null;
    lease_until: MaybeTime;
    plugin_id: string | null;
    plugin_version: string | null;
    module_sha256: string | null;
    /** As it was when the call began: a call is pinned to it. */
    configuration: MaybeJson<Record<string, unknown>>;
    journal_seed: ColumnType<Uint8Array | null, Uint8Array | null | undefined, Uint8Array | null>;
    journal_started_at: MaybeTime;
    cpu_micros: BigDefault;
    code: string | null;
    message: string | null;
    linked: MaybeJson<LinkedObject>;
    /** What the call emitted is stored. */
    emitted: Generated<boolean>;
    emit_depth: Generated<number>;
    created_at: Time;
    finished_at: MaybeTime;
  };
  attempts: {
    group_id: GroupId;
    delivery_id: DeliveryId;
    number: number;
    started_at: Time;
    finished_at: MaybeTime;
    outcome: 'running' | 'delivered' | 'skipped' | 'retry' | 'failed' | 'abandoned';
    code: string | null;
    message: string | null;
    cpu_micros: BigDefault;
    logs: JsonDefault<{ level: string; message: string }[]>;
  };
  journal_asks: {
    group_id: GroupId;
    delivery_id: DeliveryId;
    number: number;
    attempt: number;
    kind: 'http' | 'store' | 'emit' | 'schedule';
    digest: string;
    blocking: boolean;
    request: Bytes;
    idempotency_key: string | null;
    /** Sending it again does no harm although nobody knows whether it was carried out. */
    repeatable: Generated<boolean>;
    /** The number of the first batch that was handed over after the ask was made; null in journals of before. */
    before_batch: number | null;
    send_attempt: Generated<number>;
    sent_at: MaybeTime;
    wake_at: MaybeTime;
    answered_at: MaybeTime;
    answer: ColumnType<Uint8Array | null, Uint8Array | null | undefined, Uint8Array | null>;
    status: number | null;
    code: string | null;
    retryable: Generated<boolean>;
    duration_micros: number | null;
    batch: number | null;
    batch_position: number | null;
  };
  journal_batches: { group_id: GroupId; delivery_id: DeliveryId; number: number; at: Time };
  linked_objects: {
    group_id: GroupId;
    incident_id: IncidentId;
    destination_id: DestinationId;
    key: string;
    href: string;
    title: string | null;
    linked_at: TimeDefault;
  };
}
