import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';

/**
 * The type of integration that an installation serves alone in its group. Null for connectors, and for plugins that
 * also deliver: a group may have several of those, one for each site of the vendor, and the first serves the type.
 */
export function exclusiveType({ provides, integrationType }: Manifest): string | null {
  return provides.includes('deliver') ? null : (integrationType ?? null);
}
