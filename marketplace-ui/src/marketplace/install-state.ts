import { supportsHostApi } from '@patchbay/plugin-sdk/contract/plugin-id';
import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';

/**
 * What the install button of a plugin's page offers:
 *
 *   ready       not installed: leads to the consent
 *   installed   this version runs here; what delivers may be installed once more, for another environment or account
 *   other       another version runs here
 *   blocked     it cannot be installed; the reason says why and what to do
 */
export type InstallState =
  | { kind: 'ready' }
  | { kind: 'installed'; installationId: string; again: boolean }
  | { kind: 'other'; installationId: string; version: string }
  | { kind: 'blocked'; reason: string };

/** The state for a viewer who may, or may not, install plugins in this group. */
export function installState(plugin: PluginDetail, mayInstall: boolean, groupName: string): InstallState {
  if (plugin.installed !== null && plugin.installed.version !== plugin.version)
    return { kind: 'other', installationId: plugin.installed.id, version: plugin.installed.version };
  const blocked = blockedReason(plugin, mayInstall, groupName);
  // A plugin that only receives serves its type alone in a group; what delivers is installed for each site or account.
  if (plugin.installed !== null) {
    const again = (plugin.integrationType === null || plugin.provides.includes('deliver')) && blocked === null;
    return { kind: 'installed', installationId: plugin.installed.id, again };
  }
  return blocked === null ? { kind: 'ready' } : { kind: 'blocked', reason: blocked };
}

function blockedReason(plugin: PluginDetail, mayInstall: boolean, groupName: string): string | null {
  const state = plugin.versions.find(({ version }) => version === plugin.version)?.state;
  if (state !== undefined && state !== 'published')
    return `Version ${plugin.version} is ${state}. Choose another one under Versions.`;
  if (!supportsHostApi(plugin.hostApi))
    return `Version ${plugin.version} needs a host with interface ${plugin.hostApi}. Update this host, or choose another version.`;
  const failed = plugin.checks.find(({ outcome }) => outcome !== 'passed');
  if (failed !== undefined) return `The check “${failed.name}” did not pass. See Security for what it found.`;
  return mayInstall ? null : `Only admins of ${groupName} install plugins. Ask one of its owners or admins.`;
}
