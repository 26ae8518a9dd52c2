import type { Generated } from 'kysely';
import type { GroupId, InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Manifest, Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Time, TimeDefault, MaybeTime, Json, MaybeJson, Big } from './columns.ts';

/** Plugins in a group: what is installed, what it keeps, and why it is trusted. */
export interface InstallationTables {
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
  plugin_quarantines: {
    group_id: GroupId;
    installation_id: InstallationId;
    module_sha256: string;
    reason: 'cpu' | 'trap';
    strikes: number;
    quarantined_at: Time;
  };
  plugin_store: {
    group_id: GroupId;
    installation_id: InstallationId;
    key: string;
    version: number;
    value: Json<unknown>;
    bytes: number;
    updated_at: TimeDefault;
  };
  proven_modules: { module_sha256: string; proven_at: Time };
  /** What was signed of the packages that are installed; read through zod, for it may have been changed. */
  kept_signatures: {
    package_sha256: string;
    author_key: string;
    author_envelope: Json<unknown>;
    registry_envelope: Json<unknown>;
    kept_at: Time;
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
}
