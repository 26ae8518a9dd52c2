import type { RegistryClient } from '@patchbay/registry/client/registry-client';

/**
 * Which plugin of the registry would provide an integration type: ours if there is one, else what is installed most.
 *
 * @returns its id, or undefined when there is none, or the registry cannot be asked
 */
export function pluginForType(client: RegistryClient): (type: string) => Promise<string | undefined> {
  return async (integrationType) => {
    const page = await client.list({ integrationType, limit: 10 }).catch(() => undefined);
    const found = page?.items ?? [];
    return (found.find(({ firstParty }) => firstParty) ?? found[0])?.id;
  };
}
