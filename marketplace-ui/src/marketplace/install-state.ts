import { supportsHostApi } from '@patchbay/plugin-sdk/contract/plugin-id';
import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';

/**
 * What the install button of a plugin's page offers:
 *
 *   ready       not installed: leads to the consent
 *   installed   this version runs here
 *   other       another version runs here
 *   blocked     it cannot be installed; the reason says why and what to do
 */
export type InstallState =
  | { kind: 'ready' }
  | { kind: 'installed'; installationId: string }
  | { kind: 'other'; installationId: string; version: string }
  | { kind: 'blocked'; reason: string };

/** The state for a viewer who may, or may not, install plugins in this group. */
export function installState(plugin: PluginDetail, mayInstall: boolean, groupName: string): InstallState {
  if (plugin.installed !== null)
    return plugin.installed.version === plugin.version
      ? { kind: 'installed', installationId: plugin.installed.id }
      : { kind: 'other', installationId: plugin.installed.id, version: plugin.installed.version };
  const state = plugin.versions.find(({ version }) => version === plugin.version)?.state;
  if (state !== undefined && state !== 'published')
    return { kind: 'blocked', reason: `Version ${plugin.version} is ${state}. Choose another one under Versions.` };
  if (!supportsHostApi(plugin.hostApi))
    return {
      kind: 'blocked',
      reason: `Version ${plugin.version} needs a host with interface ${plugin.hostApi}. Update this host, or choose another version.`,
    };
  const failed = plugin.checks.find(({ outcome }) => outcome !== 'passed');
  if (failed !== undefined)
    return { kind: 'blocked', reason: `The check “${failed.name}” did not pass. See Security for what it found.` };
  if (!mayInstall)
    return { kind: 'blocked', reason: `Only admins of ${groupName} install plugins. Ask one of its owners or admins.` };
  return { kind: 'ready' };
}
