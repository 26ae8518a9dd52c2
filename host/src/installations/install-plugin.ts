import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import type { Configuration } from '@patchbay/plugin-sdk/contract/configuration';
import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import { newId, type InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import type { installationInputSchema, SecretInput } from '@patchbay/plugin-sdk/contract/rest/plugins';
import type { RegistryClient } from '@patchbay/registry/client/registry-client';
import type { Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import type { LiveHub } from '../live/live-hub.ts';
import type { Vault } from '../secrets/vault.ts';
import { isDuplicate } from '../store/database-errors.ts';
import type { Database } from '../store/schema.ts';
import { storableJson } from '../store/storable.ts';
import { transact } from '../store/transact.ts';
import { agreedToVersion } from './agreed-consent.ts';
import { demandNoUpdateInDisguise } from './replaced-installation.ts';
import { enteredIssues, enterSecrets } from './enter-secrets.ts';
import { keepSignatures } from './kept-signatures.ts';
import type { ModuleStore } from './module-store.ts';
import { exclusiveType } from './served-type.ts';
import { fetchVerified } from './verified-release.ts';

export interface InstallationDependencies {
  db: Kysely<Database>;
  vault: Vault;
  client: RegistryClient;
  modules: ModuleStore;
  hub: LiveHub;
  /** Hours after its approval for which no installation is updated to a version; 0 holds none. */
  cooldownHours: number;
  /** Told after what is installed has changed: caches of installations are stale then. */
  changed?: () => void;
}

export type Installer = Pick<Actor, 'groupId' | 'name'>;
type InstallationInput = z.output<typeof installationInputSchema>;

/**
 * Installs a version of a plugin into a group:
 *
 *   1. resolve     the named version, or the newest available one
 *   2. verify      digest, signatures, archive and module, from the pinned registry key down
 *   3. prove       host API range, and the module's imports against the manifest
 *   4. cooldown    it was approved long enough ago, in a group that has the plugin or had it just now
 *   5. consent     the digest that was agreed to is the one of what the package asks for
 *   6. settings    configuration and secrets fit the manifest
 *   7. store       the module as a file, then installation, signatures, secrets and audit in one transaction
 *
 * @throws ApiError for everything that a caller can be told
 */
export async function installPlugin(
  deps: InstallationDependencies,
  actor: Installer,
  input: InstallationInput,
): Promise<InstallationId> {
  const release = await fetchVerified(deps, input.plugin, input.version);
  await demandNoUpdateInDisguise(deps, actor.groupId, release);
  const { subject, signatures, steps } = release;
  const { manifest } = subject;
  // Before the settings are judged: who agreed to something else is to read first.
  agreedToVersion(manifest, input.configuration, input.consent);
  const configuration = checkedSettings(manifest, input.configuration);
  const consent = agreedToVersion(manifest, configuration, input.consent);
  checkEntered(manifest, input.secrets, true);

  await deps.modules.put(subject.moduleSha256, subject.module);
  const installationId = newId('installation');
  try {
    await transact(deps.db, async (trx) => {
      await keepSignatures(trx, subject.sha256, signatures);
      await trx
        .insertInto('installations')
        .values({
          group_id: actor.groupId,
          installation_id: installationId,
          plugin_id: manifest.id,
          version: manifest.version,
          module_sha256: subject.moduleSha256,
          package_sha256: subject.sha256,
          manifest: storableJson(manifest),
          integration_type: exclusiveType(manifest),
          environment: input.environment,
          state: 'enabled',
          configuration: storableJson(configuration),
          consent_digest: consent,
          installed_by: actor.name,
        })
        .execute();
      const owner = { groupId: actor.groupId, environment: input.environment, ownerId: installationId };
      await enterSecrets(trx, deps.vault, { ...owner, ownerKind: 'installation' }, input.secrets);
      const about = { plugin: manifest.id, version: manifest.version, environment: input.environment };
      const details = { ...about, consent, verified: steps };
      await audit(trx, actor, 'installation.create', installationId, details);
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const type = manifest.integrationType ?? manifest.id;
    throw new ApiError('CONFLICT', `A plugin for the type "${type}" is already installed in this group.`, {
      cause: error,
    });
  }
  await deps.client.countInstall(manifest.id, manifest.version, 1);
  deps.changed?.();
  deps.hub.publish(actor.groupId, ['installations']);
  return installationId;
}

/**
 * Settings of an installation belong to connectors; those of a plugin that only takes requests are entered for each
 * integration.
 */
export function checkedSettings(manifest: Manifest, given: Configuration): Configuration {
  const forIntegrations = manifest.provides.includes('ingest') && !manifest.provides.includes('deliver');
  const schema = forIntegrations ? { ...manifest.configuration, required: [] } : manifest.configuration;
  const checked = checkConfiguration(schema, given);
  if (!checked.ok)
    throw settingsInvalid(checked.issues.map((issue) => ({ ...issue, path: `configuration.${issue.path}` })));
  return checked.values;
}

/** @param complete whether required secrets have to be among them */
export function checkEntered(
  manifest: Manifest,
  entered: Readonly<Record<string, SecretInput>>,
  complete: boolean,
): void {
  const issues = enteredIssues(manifest, entered);
  if (complete) issues.push(...missingSecrets(manifest, Object.keys(entered)));
  if (issues.length > 0) throw settingsInvalid(issues);
}

/** @param set names of the secrets that have a value */
export function missingSecrets(manifest: Manifest, set: readonly string[]): Issue[] {
  return manifest.secrets
    .filter(({ name, required }) => required && !set.includes(name))
    .map(({ name, title }) => ({ path: `secrets.${name}`, message: `${title} is required` }));
}

export function settingsInvalid(details: Issue[], message = 'The settings do not fit the plugin’s form.'): ApiError {
  return new ApiError('CONFIGURATION_INVALID', message, { details });
}
