import type { ConfigurationSchema } from '@patchbay/plugin-sdk/contract/configuration';
import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';

/**
 * The form of an integration's own settings. A plugin that also delivers has them from its installation: what is
 * required stands there, and here only what shall differ is entered.
 */
export function integrationForm({ provides, configuration }: PluginDetail): ConfigurationSchema {
  if (!provides.includes('deliver')) return configuration;
  const properties = Object.entries(configuration.properties)
    .filter(([name]) => !configuration.required.includes(name))
    .map(([name, { default: _ofInstallation, ...field }]) => [name, field] as const);
  return { ...configuration, properties: Object.fromEntries(properties), required: [] };
}
