import type { ColumnType, Generated } from 'kysely';
import type {
  DeliveryId,
  DestinationId,
  EventId,
  GroupId,
  IncidentId,
  InstallationId,
  IntegrationId,
  RequestId,
  ServiceId,
} from '@patchbay/plugin-sdk/contract/ids';
import type { Manifest, Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import type { Severity } from '@patchbay/plugin-sdk/contract/event-payload';
import type { Change, ChangeType, Issue, LinkedObject } from '@patchbay/plugin-sdk/contract/envelopes';
import type { SubscriptionFilter, DeliveryState } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import type { OwnSignature } from '@patchbay/plugin-sdk/contract/own-signature';
import type { SenderResponse } from '@patchbay/plugin-sdk/contract/rest/sender-response';
import type { GroupRole, RegistryRole, TokenScope } from '@patchbay/plugin-sdk/contract/rest/identity';

/** Read as Date, written as Date or ISO text. */
type Time = ColumnType<Date, Date | string, Date | string>;
type TimeDefault = ColumnType<Date, Date | string | undefined, Date | string>;
type MaybeTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** Read parsed, written as JSON text: drivers differ in how they serialise arrays, so the writer does it. */
type Json<T> = ColumnType<T, string, string>;
type JsonDefault<T> = ColumnType<T, string | undefined, string>;
type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
/** bigint columns are read as number: every value here stays far below 2^53. */
type Big = ColumnType<number, number | bigint, number | bigint>;
type BigDefault = ColumnType<number, number | bigint | undefined, number | bigint>;
type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>;

export interface Database {
  groups: { group_id: GroupId; name: string; next_incident_number: BigDefault; created_at: TimeDefault };
  group_members: { group_id: GroupId; user_id: string; role: GroupRole; joined_at: TimeDefault };
  registry_members: { user_id: string; role: RegistryRole };
  api_tokens: {
    group_id: GroupId;
    token_id: string;
    name: string;
    prefix: string;
    token_sha256: string;
    scopes: Json<TokenScope[]>;
    /** The one namespace of a token that only publishes. */
    namespace: string | null;
    user_id: string | null;
    role: GroupRole;
    created_at: TimeDefault;
    expires_at: MaybeTime;
    last_used_at: MaybeTime;
    revoked_at: MaybeTime;
  };
  audit_log: {
    group_id: GroupId;
    audit_id: string;
    at: TimeDefault;
    actor: string;
    action: string;
    target: string;
    details: Json<Record<string, unknown>>;
  };
  idempotency_keys: {
    group_id: GroupId;
    key: string;
    route: string;
    body_sha256: string;
    status: number | null;
    response: MaybeJson<unknown>;
    created_at: TimeDefault;
  };
  services: {
    group_id: GroupId;
    service_id: ServiceId;
    name: string;
    description: Generated<string>;
    is_default: Generated<boolean>;
    created_at: TimeDefault;
  };
  installations: {
    group_id: GroupId;
    installation_id: InstallationId;
    plugin_id: string;
    version: string;
    module_sha256: string;
    package_sha256: string;
    manifest: Json<Manifest>;
    integration_type: string | null;
    environment: Environment;
    state: 'enabled' | 'disabled' | 'quarantined';
    configuration: Json<Record<string, unknown>>;
    consent_digest: string;
    installed_at: TimeDefault;
    installed_by: string;
    removed_at: MaybeTime;
  };
  plugin_quarantines: {
    group_id: GroupId;
    installation_id: InstallationId;
    module_sha256: string;
    reason: 'cpu' | 'trap';
    strikes: number;
    quarantined_at: Time;
  };
  installation_versions: {
    group_id: GroupId;
    installation_id: InstallationId;
    number: number;
    version: string;
    module_sha256: string;
    package_sha256: string;
    manifest: Json<Manifest>;
    configuration: Json<Record<string, unknown>>;
    consent_digest: string;
    integration_settings: Json<Record<string, Record<string, unknown>>>;
    store: MaybeJson<unknown>;
    restorable: boolean;
    revoked: Generated<boolean>;
    left_at: Time;
    left_by: string;
  };
  secrets: {
    group_id: GroupId;
    secret_id: string;
    environment: Environment;
    owner_kind: 'installation' | 'integration' | 'destination';
    owner_id: string;
    name: string;
    key_id: string;
    ciphertext: Bytes;
    created_at: TimeDefault;
    valid_until: MaybeTime;
  };
  integrations: {
    group_id: GroupId;
    integration_id: IntegrationId;
    service_id: ServiceId;
    installation_id: InstallationId;
    type: string;
    name: string;
    environment: Environment;
    state: 'enabled' | 'disabled';
    settings: Json<Record<string, unknown>>;
    signature_required: Generated<boolean>;
    ip_allow: JsonDefault<string[]>;
    ip_deny: JsonDefault<string[]>;
    published_only: Generated<boolean>;
    rate_per_minute: number;
    own_signature: MaybeJson<OwnSignature>;
    /** Whether its silence and its failures open incidents. */
    watch: Generated<boolean>;
    /** Silence counts from here at the earliest: since it is enabled and watched. */
    watched_since: TimeDefault;
    burst: ColumnType<number | null, number | null | undefined, number | null>;
    body_schema: MaybeJson<Record<string, unknown>>;
    response: MaybeJson<SenderResponse>;
    rules: JsonDefault<EventRule[]>;
    created_at: TimeDefault;
    removed_at: MaybeTime;
  };
  published_ranges: {
    source_sha256: string;
    ranges: JsonDefault<string[]>;
    fetched_at: MaybeTime;
    tried_at: Time;
    failure: string | null;
  };
  integration_keys: {
    group_id: GroupId;
    integration_id: IntegrationId;
    key_sha256: string;
    secret_id: string;
    created_at: TimeDefault;
    valid_until: MaybeTime;
  };
  integration_counters: {
    group_id: GroupId;
    integration_id: IntegrationId;
    received: BigDefault;
    accepted: BigDefault;
    refused: BigDefault;
    /** Those of the refused that did not show that they come from the sender: counted in `received` too. */
    turned_away: BigDefault;
    duration_micros: BigDefault;
    last_request_at: Time;
  };
  seen_deliveries: {
    group_id: GroupId;
    integration_id: IntegrationId;
    delivery: string;
    request_id: RequestId;
    status: number;
    content_type: string | null;
    body: string;
    seen_at: Time;
  };
  /** An hour of an integration. All but `turned_away` is of requests with a valid key or signature, by their receipt. */
  integration_hours: {
    group_id: GroupId;
    integration_id: IntegrationId;
    hour: Time;
    received: BigDefault;
    accepted: BigDefault;
    invalid: BigDefault;
    refused: BigDefault;
    /** How often the plugin failed, each attempt counted. */
    plugin_errors: BigDefault;
    turned_away: BigDefault;
    duration_micros: BigDefault;
    /** Of what the sender itself posted: null when that was nothing. */
    first_at: MaybeTime;
    last_at: MaybeTime;
    /** The longest wait between two of its requests within the hour. */
    longest_gap_ms: BigDefault;
  };
  requests: {
    group_id: GroupId;
    request_id: RequestId;
    integration_id: IntegrationId;
    received_order: Big;
    received_at: Time;
    state: 'accepted' | 'ignored' | 'invalid' | 'refused' | 'pending' | 'dead';
    status: number;
    code: string | null;
    reason: string | null;
    issues: MaybeJson<Issue[]>;
    method: string;
    headers: Json<Record<string, string>>;
    query: Json<Record<string, string[]>>;
    content_type: string;
    body: Bytes;
    remote_address: string;
    duration_micros: number;
    event_count: Generated<number>;
    plugin_id: string | null;
    plugin_version: string | null;
    logs: MaybeJson<{ level: string; message: string }[]>;
    attempts: Generated<number>;
    next_attempt_at: MaybeTime;
    claim_id: string | null;
    claimed_until: MaybeTime;
  };
  incidents: {
    group_id: GroupId;
    incident_id: IncidentId;
    number: Big;
    service_id: ServiceId;
    environment: Environment;
    type: string;
    dedup_key: string;
    status: 'open' | 'acknowledged' | 'resolved';
    severity: Severity;
    summary: string;
    source: string;
    custom_details: JsonDefault<Record<string, unknown>>;
    links: JsonDefault<{ href: string; text?: string }[]>;
    opened_order: Big;
    last_trigger_order: Big;
    opened_at: Time;
    updated_at: Time;
    acknowledged_at: MaybeTime;
    resolved_at: MaybeTime;
    event_count: Generated<number>;
    previous_incident_id: IncidentId | null;
  };
  incident_keys: {
    group_id: GroupId;
    service_id: ServiceId;
    environment: Environment;
    type: string;
    dedup_key: string;
    last_order: BigDefault;
    resolved_order: BigDefault;
    acknowledged_order: BigDefault;
    last_incident_id: IncidentId | null;
  };
  events: {
    group_id: GroupId;
    event_id: EventId;
    received_order: Big;
    ordinal: number;
    received_at: Time;
    request_id: RequestId | null;
    integration_id: IntegrationId | null;
    service_id: ServiceId;
    environment: Environment;
    type: string;
    dedup_key: string;
    action: 'trigger' | 'acknowledge' | 'resolve' | 'reopen' | 'unacknowledge';
    severity: Severity | null;
    summary: string | null;
    payload: MaybeJson<unknown>;
    effect:
      | 'opened'
      | 'updated'
      | 'acknowledged'
      | 'resolved'
      | 'reopened'
      | 'unacknowledged'
      | 'unmatched'
      | 'late'
      | 'repeated';
    incident_id: IncidentId | null;
    actor: string | null;
    note: string | null;
  };
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
  plugin_store: {
    group_id: GroupId;
    installation_id: InstallationId;
    key: string;
    version: number;
    value: Json<unknown>;
    bytes: number;
    updated_at: TimeDefault;
  };
  linked_objects: {
    group_id: GroupId;
    incident_id: IncidentId;
    destination_id: DestinationId;
    key: string;
    href: string;
    title: string | null;
    linked_at: TimeDefault;
  };
  settings: { name: string; value: Json<unknown> };
  key_rotations: {
    rotation_id: string;
    key_id: string;
    started_at: Time;
    started_by: string;
    finished_at: MaybeTime;
    part: string;
    after: MaybeJson<unknown[]>;
    passes: Generated<number>;
    looked_at: BigDefault;
    rewrapped: BigDefault;
    unreadable: BigDefault;
    claim_id: string | null;
    claimed_until: MaybeTime;
  };
  derived_tokens: {
    group_id: GroupId;
    installation_id: InstallationId;
    name: string;
    source: string;
    generation: Generated<number>;
    ciphertext: ColumnType<Uint8Array | null, Uint8Array | null | undefined, Uint8Array | null>;
    expires_at: MaybeTime;
    claim_id: string | null;
    claimed_until: MaybeTime;
  };
  publisher_notices: {
    group_id: GroupId;
    /** Number of the decision in the registry's log. */
    seq: Big;
    namespace: string;
    kind: 'owners-changed' | 'key-lost';
    details: Json<Record<string, unknown>>;
    decided_at: Time;
    agreed_at: MaybeTime;
    agreed_by: string | null;
  };
  early_updates: {
    group_id: GroupId;
    installation_id: InstallationId;
    version: string;
    /** The package that was looked at; the agreement is to no other. */
    package_sha256: string;
    reason: string;
    /** Ids of two persons, never the same. */
    asked_by: string;
    asked_at: Time;
    confirmed_by: string | null;
    confirmed_at: MaybeTime;
  };
  /** What was signed of the packages that are installed; read through zod, for it may have been changed. */
  kept_signatures: {
    package_sha256: string;
    author_key: string;
    author_envelope: Json<unknown>;
    registry_envelope: Json<unknown>;
    kept_at: Time;
  };
  proven_modules: { module_sha256: string; proven_at: Time };
}
