import { sql, type Kysely } from 'kysely';

/**
 * The first schema. Every tenant table's primary key begins with `group_id`; what is queued, listed or looked up has
 * its index beside it. Times are `timestamptz`; order is never taken from them where two rows must not tie:
 * `received_order` (microseconds, strictly rising within a host) orders what came in, `seq` what was written.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table groups (
    group_id text primary key,
    name text not null,
    next_incident_number bigint not null default 1,
    created_at timestamptz not null default now()
  )`,

  `create table group_members (
    group_id text not null references groups,
    user_id text not null,
    role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
    joined_at timestamptz not null default now(),
    primary key (group_id, user_id)
  )`,
  `create index group_members_by_user on group_members (user_id)`,

  `create table registry_members (
    user_id text not null,
    role text not null check (role in ('author', 'reviewer', 'admin')),
    primary key (user_id, role)
  )`,

  `create table api_tokens (
    group_id text not null references groups,
    token_id text not null,
    name text not null,
    prefix text not null,
    token_sha256 text not null unique,
    scopes jsonb not null,
    user_id text,
    role text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (group_id, token_id)
  )`,

  `create table audit_log (
    group_id text not null references groups,
    audit_id text not null,
    at timestamptz not null default now(),
    actor text not null,
    action text not null,
    target text not null,
    details jsonb not null,
    primary key (group_id, audit_id)
  )`,

  `create table idempotency_keys (
    group_id text not null references groups,
    key text not null,
    route text not null,
    body_sha256 text not null,
    status integer,
    response jsonb,
    created_at timestamptz not null default now(),
    primary key (group_id, key, route)
  )`,

  `create table services (
    group_id text not null references groups,
    service_id text not null,
    name text not null,
    description text not null default '',
    is_default boolean not null default false,
    created_at timestamptz not null default now(),
    primary key (group_id, service_id)
  )`,
  `create unique index services_one_default on services (group_id) where is_default`,

  `create table installations (
    group_id text not null references groups,
    installation_id text not null,
    plugin_id text not null,
    version text not null,
    module_sha256 text not null,
    package_sha256 text not null,
    -- json, not jsonb: the fields of the settings form stand in the order that the author gave them.
    manifest json not null,
    integration_type text,
    environment text not null,
    state text not null check (state in ('enabled', 'disabled', 'quarantined')),
    configuration jsonb not null,
    consent_digest text not null,
    installed_at timestamptz not null default now(),
    installed_by text not null,
    removed_at timestamptz,
    primary key (group_id, installation_id)
  )`,
  `create unique index installations_one_per_type on installations (group_id, integration_type)
     where integration_type is not null and removed_at is null`,

  `create table secrets (
    group_id text not null references groups,
    secret_id text not null,
    environment text not null,
    owner_kind text not null check (owner_kind in ('installation', 'integration', 'destination')),
    owner_id text not null,
    name text not null,
    key_id text not null,
    ciphertext bytea not null,
    created_at timestamptz not null default now(),
    valid_until timestamptz,
    primary key (group_id, secret_id)
  )`,
  `create index secrets_by_owner on secrets (group_id, owner_kind, owner_id, name)`,

  `create table integrations (
    group_id text not null references groups,
    integration_id text not null,
    service_id text not null,
    installation_id text not null,
    type text not null,
    name text not null,
    environment text not null,
    state text not null check (state in ('enabled', 'disabled')),
    settings jsonb not null,
    signature_required boolean not null default false,
    ip_allow jsonb not null default '[]',
    rate_per_minute integer not null,
    created_at timestamptz not null default now(),
    removed_at timestamptz,
    primary key (group_id, integration_id),
    foreign key (group_id, service_id) references services,
    foreign key (group_id, installation_id) references installations
  )`,
  // The door knows only the id from the URL.
  `create unique index integrations_by_id on integrations (integration_id)`,
  `create index integrations_by_service on integrations (group_id, service_id)`,

  `create table integration_keys (
    group_id text not null,
    integration_id text not null,
    key_sha256 text not null,
    secret_id text not null,
    created_at timestamptz not null default now(),
    valid_until timestamptz,
    primary key (group_id, integration_id, key_sha256),
    foreign key (group_id, integration_id) references integrations
  )`,

  `create table requests (
    group_id text not null,
    request_id text not null,
    integration_id text not null,
    received_order bigint not null,
    received_at timestamptz not null,
    state text not null check (state in ('accepted', 'ignored', 'invalid', 'refused', 'pending', 'dead')),
    status integer not null,
    code text,
    reason text,
    issues jsonb,
    method text not null,
    headers jsonb not null,
    query jsonb not null,
    content_type text not null,
    body bytea not null,
    remote_address text not null,
    duration_micros integer not null,
    event_count integer not null default 0,
    plugin_id text,
    plugin_version text,
    logs jsonb,
    attempts integer not null default 0,
    next_attempt_at timestamptz,
    claim_id text,
    claimed_until timestamptz,
    primary key (group_id, request_id)
  )`,
  `create index requests_by_integration on requests (group_id, integration_id, received_order desc)`,
  `create index requests_by_age on requests using brin (received_at)`,
  `create index requests_pending on requests (next_attempt_at) where state = 'pending'`,

  // Without a foreign key to its service, which would be looked up and locked for every incident of a batch: a service
  // stays as long as an integration has ever named it, and those have one.
  `create table incidents (
    group_id text not null,
    incident_id text not null,
    number bigint not null,
    service_id text not null,
    type text not null,
    dedup_key text not null,
    status text not null check (status in ('open', 'acknowledged', 'resolved')),
    severity text not null check (severity in ('critical', 'error', 'warning', 'info')),
    summary text not null,
    source text not null,
    custom_details jsonb not null default '{}',
    links jsonb not null default '[]',
    opened_order bigint not null,
    last_trigger_order bigint not null,
    opened_at timestamptz not null,
    updated_at timestamptz not null,
    acknowledged_at timestamptz,
    resolved_at timestamptz,
    event_count integer not null default 0,
    previous_incident_id text,
    primary key (group_id, incident_id)
  )`,
  `create unique index incidents_one_unresolved on incidents (group_id, service_id, type, dedup_key) where status <> 'resolved'`,
  `create index incidents_by_status on incidents (group_id, status, incident_id desc)`,
  `create index incidents_by_key on incidents (group_id, dedup_key, incident_id desc)`,

  // What a key remembers beyond its incident: up to which receipt it was resolved and acknowledged.
  `create table incident_keys (
    group_id text not null,
    service_id text not null,
    type text not null,
    dedup_key text not null,
    last_order bigint not null default 0,
    resolved_order bigint not null default 0,
    acknowledged_order bigint not null default 0,
    last_incident_id text,
    primary key (group_id, service_id, type, dedup_key)
  )`,

  `create table events (
    group_id text not null,
    event_id text not null,
    received_order bigint not null,
    ordinal integer not null,
    received_at timestamptz not null,
    request_id text,
    integration_id text,
    service_id text not null,
    type text not null,
    dedup_key text not null,
    action text not null check (action in ('trigger', 'acknowledge', 'resolve', 'reopen', 'unacknowledge')),
    severity text,
    summary text,
    payload jsonb,
    effect text not null check (effect in
      ('opened', 'updated', 'acknowledged', 'resolved', 'reopened', 'unacknowledged', 'unmatched', 'late', 'repeated')),
    incident_id text,
    actor text,
    note text,
    primary key (group_id, event_id)
  )`,
  `create index events_by_incident on events (group_id, incident_id, received_order, ordinal)`,
  `create index events_by_key on events (group_id, service_id, type, dedup_key, received_order, ordinal)`,
  `create index events_by_age on events using brin (received_at)`,
  `create index events_by_request on events (group_id, request_id)`,

  // Changes of incidents that have not yet been given to subscriptions.
  `create table outbox (
    group_id text not null,
    change_id text not null,
    seq bigint generated always as identity,
    change_type text not null,
    incident_id text not null,
    service_id text not null,
    integration_type text not null,
    severity text not null,
    occurred_at timestamptz not null,
    change jsonb not null,
    primary key (group_id, change_id)
  )`,
  `create index outbox_by_seq on outbox (seq)`,

  `create table destinations (
    group_id text not null,
    destination_id text not null,
    kind text not null check (kind in ('connector', 'webhook')),
    name text not null,
    environment text not null,
    installation_id text,
    url text,
    headers jsonb not null default '{}',
    filter jsonb not null,
    state text not null check (state in ('active', 'paused', 'attention', 'disabled')),
    state_code text,
    state_reason text,
    max_in_flight integer not null,
    max_attempts integer not null,
    retry_schedule_ms jsonb not null,
    failing_since timestamptz,
    open_until timestamptz,
    last_served_at timestamptz,
    next_due_at timestamptz,
    created_at timestamptz not null default now(),
    removed_at timestamptz,
    primary key (group_id, destination_id)
  )`,
  `create index destinations_due on destinations (last_served_at) where state = 'active' and removed_at is null and next_due_at is not null`,

  `create table deliveries (
    group_id text not null,
    delivery_id text not null,
    seq bigint generated always as identity,
    destination_id text not null,
    incident_id text not null,
    change_id text not null,
    change_type text not null,
    change jsonb not null,
    state text not null check (state in ('queued', 'running', 'waiting', 'retrying', 'delivered', 'dead', 'skipped', 'cancelled')),
    attempts integer not null default 0,
    max_attempts integer not null,
    due_at timestamptz not null,
    claim_id text,
    lease_until timestamptz,
    plugin_id text,
    plugin_version text,
    module_sha256 text,
    configuration jsonb,
    journal_seed bytea,
    journal_started_at timestamptz,
    cpu_micros bigint not null default 0,
    code text,
    message text,
    linked jsonb,
    created_at timestamptz not null,
    finished_at timestamptz,
    primary key (group_id, delivery_id),
    foreign key (group_id, destination_id) references destinations
  )`,
  `create unique index deliveries_once on deliveries (group_id, destination_id, change_id)`,
  `create index deliveries_live on deliveries (group_id, destination_id, incident_id, seq)
     where state in ('queued', 'running', 'waiting', 'retrying')`,
  `create index deliveries_due on deliveries (group_id, destination_id, due_at) where state in ('queued', 'retrying', 'waiting')`,
  `create index deliveries_by_incident on deliveries (group_id, incident_id, seq)`,
  `create index deliveries_by_seq on deliveries (group_id, seq desc)`,
  `create index deliveries_by_age on deliveries using brin (created_at)`,
  `create index deliveries_leased on deliveries (lease_until) where state = 'running'`,

  `create table attempts (
    group_id text not null,
    delivery_id text not null,
    number integer not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    outcome text not null check (outcome in ('running', 'delivered', 'skipped', 'retry', 'failed', 'abandoned')),
    code text,
    message text,
    cpu_micros bigint not null default 0,
    logs jsonb not null default '[]',
    primary key (group_id, delivery_id, number),
    foreign key (group_id, delivery_id) references deliveries on delete cascade
  )`,

  // The journal of a delivery, one row per ask; requests and answers are encrypted at rest.
  `create table journal_asks (
    group_id text not null,
    delivery_id text not null,
    number integer not null,
    attempt integer not null,
    kind text not null,
    digest text not null,
    blocking boolean not null,
    request bytea not null,
    idempotency_key text,
    send_attempt integer not null default 0,
    sent_at timestamptz,
    wake_at timestamptz,
    answered_at timestamptz,
    answer bytea,
    status integer,
    code text,
    retryable boolean not null default false,
    duration_micros integer,
    batch integer,
    batch_position integer,
    primary key (group_id, delivery_id, number),
    foreign key (group_id, delivery_id) references deliveries on delete cascade
  )`,
  `create table journal_batches (
    group_id text not null,
    delivery_id text not null,
    number integer not null,
    at timestamptz not null,
    primary key (group_id, delivery_id, number),
    foreign key (group_id, delivery_id) references deliveries on delete cascade
  )`,

  `create table plugin_store (
    group_id text not null,
    installation_id text not null,
    key text not null,
    version integer not null,
    value jsonb not null,
    bytes integer not null,
    updated_at timestamptz not null default now(),
    primary key (group_id, installation_id, key),
    foreign key (group_id, installation_id) references installations
  )`,

  `create table linked_objects (
    group_id text not null,
    incident_id text not null,
    destination_id text not null,
    key text not null,
    href text not null,
    title text,
    linked_at timestamptz not null default now(),
    primary key (group_id, incident_id, destination_id),
    foreign key (group_id, incident_id) references incidents
  )`,

  `create table settings (
    name text primary key,
    value jsonb not null
  )`,
];
