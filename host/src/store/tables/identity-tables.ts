import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { GroupRole, RegistryRole, TokenScope } from '@patchbay/plugin-sdk/contract/rest/identity';
import type { TimeDefault, MaybeTime, Json, MaybeJson, BigDefault } from './columns.ts';

/** Who works here and what they may do. */
export interface IdentityTables {
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
  settings: { name: string; value: Json<unknown> };
}
