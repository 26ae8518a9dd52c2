import type { Kysely } from 'kysely';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import type { Configuration } from '@patchbay/plugin-sdk/contract/configuration';
import type { GroupId, InstallationId, IntegrationId, ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { grantedCapabilities, type Capability } from '@patchbay/plugin-sdk/contract/permissions';
import { genericSignature, type Authentication, type SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { readSecrets } from '../secrets/secret-store.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';
import { createIpAllow } from './ip-allow.ts';

/** All that the door needs to know of an integration, read once and kept for seconds. */
export interface DoorIntegration {
  readonly groupId: GroupId;
  readonly integrationId: IntegrationId;
  readonly type: string;
  readonly name: string;
  readonly serviceId: ServiceId;
  readonly serviceName: string;
  readonly enabled: boolean;
  readonly ratePerMinute: number;
  readonly isAllowed: (address: string) => boolean;
  readonly keys: readonly DoorKey[];
  readonly secrets: readonly DoorSecret[];
  readonly signatureRequired: boolean;
  /** A topic that the operator has named: its verified signature stands in for the key. */
  readonly topicArn: string | null;
  /** Settings with defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The same as JSON text. */
  readonly configuration: string;
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

/** The generic scheme also without its prefix: many senders write the digest alone. */
const generic: readonly SignatureScheme[] = [genericSignature, { ...genericSignature, prefix: '' } as SignatureScheme];

/** Name of an integration's signature secret in the secret store. */
export const SIGNATURE_SECRET = 'signatureSecret';

/** What a sender may sign with: the vendor's schemes, or the generic one where the vendor has none. */
export function schemesOf(signatures: readonly SignatureScheme[]): readonly SignatureScheme[] {
  return signatures.length > 0 ? signatures : generic;
}

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
    .select(['i.signature_required', 'i.ip_allow', 'i.rate_per_minute', 'i.service_id', 's.name as service_name'])
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
  const topicArn = settings['topicArn'];
  return {
    groupId: row.group_id,
    integrationId: row.integration_id,
    type: row.type,
    name: row.name,
    serviceId: row.service_id,
    serviceName: row.service_name,
    enabled: row.state === 'enabled',
    ratePerMinute: row.rate_per_minute,
    isAllowed: createIpAllow(row.ip_allow),
    keys: keys.map((key) => ({
      digest: Buffer.from(key.key_sha256, 'hex'),
      validUntil: key.valid_until?.getTime() ?? Infinity,
    })),
    secrets: secrets.map((secret) => ({
      value: secret.value,
      validUntil: secret.validUntil?.getTime() ?? Infinity,
    })),
    signatureRequired: row.signature_required || manifest.authentication.policy === 'required',
    topicArn: typeof topicArn === 'string' && topicArn !== '' ? topicArn : null,
    settings,
    configuration: JSON.stringify(settings),
    plugin:
      row.plugin_state !== 'enabled' || row.plugin_removed_at !== null
        ? null
        : {
            installationId: row.installation_id,
            pluginId: row.plugin_id,
            version: row.version,
            module: row.module_sha256,
            grants: grantedCapabilities(manifest.permissions),
            schemes: schemesOf(manifest.authentication.signatures),
            handshake: manifest.authentication.handshake ?? null,
            acceptInvalid: manifest.acceptInvalid,
            actsForPeople: manifest.actsForPeople,
          },
  };
}
