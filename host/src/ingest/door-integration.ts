import type { Kysely } from 'kysely';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import type { Configuration } from '@patchbay/plugin-sdk/contract/configuration';
import type { GroupId, InstallationId, IntegrationId, ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import type { Environment, Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { grantedCapabilities, type Capability } from '@patchbay/plugin-sdk/contract/permissions';
import type { SenderResponse } from '@patchbay/plugin-sdk/contract/rest/sender-response';
import type { Authentication, SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { readSecrets } from '../secrets/secret-store.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';
import { createBodyGate, type BodyGate } from './body-gate/body-gate.ts';
import { schemesOf } from './integration-schemes.ts';
import { knownRanges } from './published-ranges/published-ranges.ts';
import { rulesOf, type IntegrationRules } from './rules/integration-rules.ts';
import { createAddressCheck, type AddressVerdict } from './sender-addresses.ts';

/** All that the door needs to know of an integration, read once and kept for seconds. */
export interface DoorIntegration {
  readonly groupId: GroupId;
  readonly integrationId: IntegrationId;
  readonly type: string;
  readonly name: string;
  readonly serviceId: ServiceId;
  readonly serviceName: string;
  readonly environment: Environment;
  readonly enabled: boolean;
  readonly ratePerMinute: number;
  /** How many may come at once. */
  readonly burst: number;
  /** The operator's own schema; null when there is none. */
  readonly gate: BodyGate | null;
  /** What the operator has its sender answered. */
  readonly response: SenderResponse | null;
  readonly judgeAddress: (address: string) => AddressVerdict;
  readonly keys: readonly DoorKey[];
  readonly secrets: readonly DoorSecret[];
  readonly signatureRequired: boolean;
  /** Topics that the operator has named: a verified signature of one stands in for the key. Empty: any, with the key. */
  readonly topicArns: ReadonlySet<string>;
  /** Settings with defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The same as JSON text. */
  readonly configuration: string;
  /** What is done to the plugin's events; null when there are no rules. */
  readonly rules: IntegrationRules | null;
  /** Null when no installed plugin serves the type (any more). */
  readonly plugin: DoorPlugin | null;
}

export interface DoorKey {
  /** sha256 of the key. */
  readonly digest: Buffer;
  /** Milliseconds since the epoch. */
  readonly validUntil: number;
}

export interface DoorSecret {
  readonly value: string;
  readonly validUntil: number;
}

export interface DoorPlugin {
  readonly installationId: InstallationId;
  readonly pluginId: string;
  readonly version: string;
  /** sha256 of its module, hex. */
  readonly module: string;
  readonly grants: readonly Capability[];
  readonly schemes: readonly SignatureScheme[];
  readonly handshake: Authentication['handshake'] | null;
  readonly acceptInvalid: boolean;
  /** Its events may act on any incident of the group. */
  readonly actsForPeople: boolean;
}

/** Name of an integration's signature secret in the secret store. */
export const SIGNATURE_SECRET = 'signatureSecret';

/**
 * The settings of an integration over those of its installation, where a plugin has both: one that also delivers is
 * told at its installation where the vendor is.
 */
export function withInstallation(
  { provides }: Pick<Manifest, 'provides'>,
  installation: Configuration,
  settings: Configuration,
): Configuration {
  return provides.includes('deliver') ? { ...installation, ...settings } : settings;
}

/** Reads an integration by the id in its URL (index integrations_by_id); undefined when there is none. */
export async function readDoorIntegration(
  db: Kysely<Database>,
  vault: Vault,
  integrationId: IntegrationId,
): Promise<DoorIntegration | undefined> {
  const row = await db
    .selectFrom('integrations as i')
    .innerJoin('services as s', (join) =>
      join.onRef('s.group_id', '=', 'i.group_id').onRef('s.service_id', '=', 'i.service_id'),
    )
    .innerJoin('installations as p', (join) =>
      join.onRef('p.group_id', '=', 'i.group_id').onRef('p.installation_id', '=', 'i.installation_id'),
    )
    .select(['i.group_id', 'i.integration_id', 'i.type', 'i.name', 'i.environment', 'i.state', 'i.settings'])
    .select(['i.signature_required', 'i.ip_allow', 'i.ip_deny', 'i.published_only', 'i.rate_per_minute', 'i.burst'])
    .select(['i.own_signature', 'i.response', 'i.body_schema', 'i.rules', 'i.service_id', 's.name as service_name'])
    .select(['p.installation_id', 'p.plugin_id', 'p.version', 'p.module_sha256', 'p.manifest', 'p.configuration'])
    .select(['p.state as plugin_state', 'p.removed_at as plugin_removed_at'])
    .where('i.integration_id', '=', integrationId)
    .where('i.removed_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;

  const keys = await db
    .selectFrom('integration_keys')
    .select(['key_sha256', 'valid_until'])
    .where('group_id', '=', row.group_id)
    .where('integration_id', '=', integrationId)
    .execute();
  const secrets = await readSecrets(db, vault, {
    groupId: row.group_id,
    environment: row.environment,
    ownerKind: 'integration',
    ownerId: integrationId,
    name: SIGNATURE_SECRET,
  });
  const { manifest } = row;
  const own = withInstallation(manifest, row.configuration, row.settings);
  const checked = checkConfiguration(manifest.configuration, own);
  // Settings that a newer version of the plugin no longer takes are given as they are; the plugin says what it misses.
  const settings = checked.ok ? checked.values : own;
  const published = row.published_only ? await knownRanges(db, manifest.publishedRanges ?? []) : null;
  return {
    groupId: row.group_id,
    integrationId: row.integration_id,
    environment: row.environment,
    type: row.type,
    name: row.name,
    serviceId: row.service_id,
    serviceName: row.service_name,
    enabled: row.state === 'enabled',
    ratePerMinute: row.rate_per_minute,
    burst: row.burst ?? row.rate_per_minute,
    response: row.response,
    gate: row.body_schema === null ? null : createBodyGate(row.body_schema),
    judgeAddress: createAddressCheck({ allow: row.ip_allow, deny: row.ip_deny, published }),
    keys: keys.map((key) => ({
      digest: Buffer.from(key.key_sha256, 'hex'),
      validUntil: key.valid_until?.getTime() ?? Infinity,
    })),
    secrets: secrets.map((secret) => ({
      value: secret.value,
      validUntil: secret.validUntil?.getTime() ?? Infinity,
    })),
    signatureRequired: row.signature_required || manifest.authentication.policy === 'required',
    topicArns: topicsOf(settings['topicArn']),
    settings,
    configuration: JSON.stringify(settings),
    rules: rulesOf(integrationId, row.rules),
    plugin:
      row.plugin_state !== 'enabled' || row.plugin_removed_at !== null
        ? null
        : {
            installationId: row.installation_id,
            pluginId: row.plugin_id,
            version: row.version,
            module: row.module_sha256,
            grants: grantedCapabilities(manifest.permissions),
            schemes: schemesOf(manifest.authentication.signatures, settings, row.own_signature),
            handshake: manifest.authentication.handshake ?? null,
            acceptInvalid: manifest.acceptInvalid,
            actsForPeople: manifest.actsForPeople,
          },
  };
}

/** One topic, or several with commas or white space between them: topics belong to one region. */
function topicsOf(setting: unknown): ReadonlySet<string> {
  return new Set(typeof setting === 'string' ? setting.split(/[\s,]+/).filter((arn) => arn !== '') : []);
}
