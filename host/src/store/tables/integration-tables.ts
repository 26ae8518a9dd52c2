import type { ColumnType, Generated } from 'kysely';
import type { GroupId, InstallationId, IntegrationId, RequestId, ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import type { OwnSignature } from '@patchbay/plugin-sdk/contract/own-signature';
import type { SenderResponse } from '@patchbay/plugin-sdk/contract/rest/sender-response';
import type { Time, TimeDefault, MaybeTime, Json, JsonDefault, MaybeJson, Big, BigDefault, Bytes } from './columns.ts';

/** The doors for senders, and what came in through them. */
export interface IntegrationTables {
  services: {
    group_id: GroupId;
    service_id: ServiceId;
    name: string;
    description: Generated<string>;
    is_default: Generated<boolean>;
    created_at: TimeDefault;
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
  published_ranges: {
    source_sha256: string;
    ranges: JsonDefault<string[]>;
    fetched_at: MaybeTime;
    tried_at: Time;
    failure: string | null;
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
}
