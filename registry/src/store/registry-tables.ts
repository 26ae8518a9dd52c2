import type { ColumnType, Generated } from 'kysely';
import type { CheckName, CheckResult, Finding } from '@patchbay/plugin-sdk/checks/check-result';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import type { Envelope } from '@patchbay/plugin-sdk/package/dsse';
import type { ReportReason, ReportState } from '@patchbay/plugin-sdk/contract/rest/reports';
import type { SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';
import type { SignOffState } from '../catalogue/sign-off-states.ts';

/** A finding that may be waived, with the digest of what it was found in. */
export interface HeldFinding {
  rule: string;
  place: string;
  contentSha256: string;
}

/** Read parsed, written as JSON text. */
type Json<T> = ColumnType<T, string, string>;
type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;

/** The registry's own tables. They lie beside a host's or in a database of their own. */
export interface RegistryTables {
  registry_namespaces: { namespace: string; created_at: Time };
  registry_namespace_members: {
    namespace: string;
    /** `user:...`, `operator` or `policy:...`. */
    member: string;
    role: 'owner' | 'member';
    added_by: string;
    added_at: Time;
  };
  registry_namespace_requests: {
    request_id: string;
    namespace: string;
    kind: 'claim' | 'lost-key';
    asked_by: string;
    reason: string;
    /** The new key of who has lost theirs, as PEM. */
    public_key: Maybe<string>;
    asked_at: Time;
    decided_at: MaybeTime;
    decided_by: Maybe<string>;
    granted: Maybe<boolean>;
    decision_reason: Maybe<string>;
  };
  registry_author_keys: {
    namespace: string;
    key_id: string;
    /** SubjectPublicKeyInfo as PEM. */
    public_key: string;
    enrolled_at: Time;
    revoked_at: MaybeTime;
  };
  registry_policies: {
    policy_id: string;
    namespace: string;
    statement: string;
    cooldown_seconds: number;
    recorded_by: string;
    recorded_at: Time;
  };
  registry_submissions: {
    submission_id: string;
    plugin_id: string;
    version: string;
    package_sha256: string;
    content_digest: string;
    state: SubmissionState;
    reason: Maybe<string>;
    author_key_id: string;
    author_envelope: Json<Envelope>;
    submitted_by: string;
    submitted_at: Time;
    state_since: Time;
    check_claim: Maybe<string>;
    check_until: MaybeTime;
    check_attempts: Generated<number>;
  };
  registry_check_policies: {
    name: CheckName;
    enabled: boolean;
    enforced: boolean;
    required: boolean;
    changed_by: string;
    changed_at: Time;
  };
  registry_waivers: {
    plugin_id: string;
    rule: string;
    content_sha256: string;
    place: string;
    reason: string;
    granted_by: string;
    granted_at: Time;
  };
  registry_checks: {
    submission_id: string;
    name: CheckName;
    /** What was checked; a pass counts only for these bytes. */
    package_sha256: string;
    outcome: CheckResult['outcome'];
    summary: string;
    findings: Json<Finding[]>;
    checked_at: Time;
  };
  registry_versions: {
    plugin_id: string;
    version: string;
    submission_id: string;
    package_sha256: string;
    content_digest: string;
    module_sha256: string;
    packed_bytes: number;
    manifest: Json<Manifest>;
    imports: Json<string[]>;
    readme: string;
    changelog: Maybe<string>;
    icon: string;
    author_envelope: Json<Envelope>;
    registry_envelope: Json<Envelope>;
    published_at: Time;
    yanked_at: MaybeTime;
    yank_reason: Maybe<string>;
    revoked_at: MaybeTime;
    revocation_kind: Maybe<'hard' | 'soft'>;
    revocation_reason: Maybe<string>;
    revoked_by: Maybe<string>;
    /** Installations that it had when one reviewer alone revoked it hard; null with a second one, and when soft. */
    stopped_alone: Maybe<number>;
    /** Found at fault after it was published: not offered until a person has looked. */
    held_at: MaybeTime;
    held_reason: Maybe<string>;
    /** What a reviewer who releases it says is none; null when it was not a check that held it. */
    held_findings: ColumnType<HeldFinding[] | null, string | null | undefined, string | null>;
    rechecked_at: MaybeTime;
    /** While it is checked again, and after a check could not be carried out: not to be taken up before. */
    recheck_after: MaybeTime;
    /** Begun and not completed since it was checked last. */
    recheck_attempts: Generated<number>;
    /** The revision of the rules that it was last checked by; null when it is to be checked before its time. */
    rechecked_rules: Maybe<string>;
    /** The `compilerIdentity` that made its module, when it was published or on a later day: only that one can be compared. */
    compiler_sha256: Maybe<string>;
  };
  registry_plugins: {
    plugin_id: string;
    namespace: string;
    /** Null while every version is yanked or revoked: the plugin is then not listed. */
    latest_version: Maybe<string>;
    name: string;
    categories: Json<string[]>;
    provides: Json<string[]>;
    integration_type: Maybe<string>;
    /** Everything that a search looks at, in lower case. */
    search_text: string;
    installs: Generated<number>;
    updated_at: Time;
    deprecation_message: Maybe<string>;
    deprecation_replacement: Maybe<string>;
  };
  registry_installs: { plugin_id: string; version: string; installs: number };
  registry_hosts: { host_id: string; applied_number: number; seen_at: Time };
  registry_bad_digests: { sha256: string; reason: string; added_by: string; added_at: Time };
  registry_submission_events: {
    submission_id: string;
    number: number;
    state: SubmissionState;
    actor: string;
    reason: Maybe<string>;
    at: Time;
  };
  registry_approvals: {
    submission_id: string;
    reviewer: string;
    /** What the reviewer has read. */
    package_sha256: string;
    note: string;
    at: Time;
  };
  registry_reports: {
    report_id: string;
    plugin_id: string;
    version: string;
    reason: ReportReason;
    text: string;
    reported_by: string;
    reported_at: Time;
    state: ReportState;
    decided_by: Maybe<string>;
    decided_at: MaybeTime;
    decision: Maybe<string>;
  };
  registry_sign_offs: {
    sign_off_id: string;
    plugin_id: string;
    range: string;
    /** Those that were in the range when it was asked: a later one is not revoked by it. */
    versions: Json<string[]>;
    /** Of these versions, when it was asked. */
    installs: number;
    reason: string;
    asked_by: string;
    asked_at: Time;
    state: SignOffState;
    ended_by: Maybe<string>;
    ended_at: MaybeTime;
    end_reason: Maybe<string>;
  };
  registry_log: {
    seq: number;
    /** Canonical JSON: exactly these bytes are hashed and signed. */
    entry: string;
    hash: string;
    signature: string;
  };
  registry_log_head: { id: number; seq: number; hash: string };
}
