import type { Generated } from 'kysely';
import type {
  EventId,
  GroupId,
  IncidentId,
  IntegrationId,
  RequestId,
  ServiceId,
} from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Severity } from '@patchbay/plugin-sdk/contract/event-payload';
import type { Time, MaybeTime, JsonDefault, MaybeJson, Big, BigDefault } from './columns.ts';

/** Incidents and the events that they are made of. */
export interface IncidentTables {
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
}
