import type { ColumnType, Generated } from 'kysely';
import type { GroupId, InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Environment } from '@patchbay/plugin-sdk/contract/manifest';
import type { Time, TimeDefault, MaybeTime, MaybeJson, BigDefault, Bytes } from './columns.ts';

/** What is encrypted at rest, and the rotation of its key. */
export interface SecretTables {
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
}
