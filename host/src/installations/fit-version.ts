import type { Transaction } from 'kysely';
import { checkConfiguration } from '@patchbay/plugin-sdk/contract/check-configuration';
import type { Configuration, ConfigurationSchema } from '@patchbay/plugin-sdk/contract/configuration';
import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import type { GroupId, InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { ApiError } from '../api/api-error.ts';
import { secretNames, type SecretOwner } from '../secrets/secret-store.ts';
import type { Database } from '../store/schema.ts';
import { storableJson } from '../store/storable.ts';
import { checkedSettings, missingSecrets, settingsInvalid } from './install-plugin.ts';

interface UsedInstallation {
  group_id: GroupId;
  installation_id: InstallationId;
  manifest: Pick<Manifest, 'integrationType'>;
  configuration: Configuration;
}

interface GivenSettings {
  /** Of a connector, all of them; of a plugin that takes requests, what its integrations lack. */
  configuration?: Configuration | undefined;
  /** Settings of integrations by their id, for what they lack. */
  integrations?: Record<string, Configuration>;
}

/**
 * The settings of an installation for another version; every integration and route that uses the plugin has to be able
 * to go on with it.
 *
 * @throws ApiError
 */
export async function fittingConfiguration(
  trx: Transaction<Database>,
  row: UsedInstallation,
  manifest: Manifest,
  given: GivenSettings,
): Promise<Configuration> {
  const routes = await trx
    .selectFrom('destinations')
    .select('name')
    .where('group_id', '=', row.group_id)
    .where('installation_id', '=', row.installation_id)
    .where('removed_at', 'is', null)
    .limit(3)
    .execute();
  if (routes.length > 0 && !manifest.provides.includes('deliver'))
    throw new ApiError('PLUGIN_IN_USE', `That version delivers nothing; routes use it: ${nameList(routes)}.`);
  const kept = known(manifest.configuration, row.configuration);
  if (await fitIntegrations(trx, row, manifest, given)) return checkedSettings(manifest, kept);
  return checkedSettings(manifest, given.configuration ?? kept);
}

/**
 * Fits the settings of the plugin's integrations to the other version.
 *
 * @returns whether the version only takes requests, so that its settings are those of integrations
 */
async function fitIntegrations(
  trx: Transaction<Database>,
  row: UsedInstallation,
  manifest: Manifest,
  given: GivenSettings,
): Promise<boolean> {
  const integrations = await trx
    .selectFrom('integrations')
    .select(['integration_id', 'name', 'settings'])
    .where('group_id', '=', row.group_id)
    .where('installation_id', '=', row.installation_id)
    .where('removed_at', 'is', null)
    .execute();
  const ingests = manifest.provides.includes('ingest');
  const otherType = row.manifest.integrationType !== manifest.integrationType;
  if (integrations.length > 0 && (!ingests || otherType))
    throw new ApiError(
      'PLUGIN_IN_USE',
      `That version serves ${ingests ? 'another type of integration' : 'no integrations'}; these use it: ${nameList(integrations)}.`,
    );
  const issues: Issue[] = [];
  const schema = manifest.configuration;
  const delivers = manifest.provides.includes('deliver');
  const ofInstallation = delivers ? known(schema, given.configuration ?? row.configuration) : {};
  for (const { integration_id, name, settings } of integrations) {
    const saved = given.integrations?.[integration_id] ?? {};
    const lacking = { ...(delivers ? {} : known(schema, given.configuration ?? {})), ...known(schema, saved) };
    const wanted = { ...lacking, ...known(schema, settings) };
    const checked = checkConfiguration(schema, { ...ofInstallation, ...wanted });
    if (!checked.ok) {
      // By field, as a form shows them; the integration stands in the words.
      for (const { path, message } of checked.issues)
        issues.push({ path: `configuration.${path}`.slice(0, 512), message: `${message} (integration “${name}”)` });
      continue;
    }
    await trx
      .updateTable('integrations')
      .set({ settings: storableJson(wanted) })
      .where('group_id', '=', row.group_id)
      .where('integration_id', '=', integration_id)
      .execute();
  }
  if (issues.length > 0) throw settingsInvalid(issues, 'Integrations of this plugin lack settings for that version.');
  return ingests && !delivers;
}

/** Every secret that the version requires is there. */
export async function demandSecrets(
  trx: Transaction<Database>,
  owner: Omit<SecretOwner, 'name'>,
  manifest: Manifest,
): Promise<void> {
  const issues = missingSecrets(manifest, await secretNames(trx, owner));
  if (issues.length > 0) throw settingsInvalid(issues);
}

/** The values that a form knows of; the others are of a version that is left. */
function known({ properties }: ConfigurationSchema, values: Configuration): Configuration {
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(properties, name)));
}

function nameList(rows: readonly { name: string }[]): string {
  return rows.map(({ name }) => name).join(', ');
}
