import { supportsHostApi } from '@patchbay/plugin-sdk/contract/plugin-id';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import type { ApprovalStatement } from '@patchbay/plugin-sdk/package/statement';
import { checkModule, findingsText } from '@patchbay/plugin-sdk/sandbox/check-module';
import type { Release } from '@patchbay/registry/api/registry-resources';
import type { VersionSignatures } from '@patchbay/registry/client/verify-signatures';
import { ApiError } from '../api/api-error.ts';
import type { InstallationDependencies } from './install-plugin.ts';
import { pinnedRegistryKey } from './pinned-registry-key.ts';
import { registryProblem } from './registry-problem.ts';
import { presentRevocations } from './revocation-list.ts';

export interface VerifiedRelease {
  subject: PluginPackage;
  /** What the registry signed: when it was approved, by whom. */
  approval: ApprovalStatement;
  /** To be kept with the installation, which verifies them again when it is loaded. */
  signatures: VersionSignatures;
  /** What was verified, in words for the audit log. */
  steps: string[];
}

/**
 * Downloads a version that is not revoked and verifies it, from the pinned registry key down to what its module can do: the one way into
 * an installation, for the first version as for every later one.
 *
 * @param version the newest available one when left out
 * @param acceptable states in which a version may be taken; a yanked one only by who had it before
 * @throws ApiError
 */
export async function fetchVerified(
  { db, client }: Pick<InstallationDependencies, 'db' | 'client'>,
  plugin: string,
  version: string | undefined,
  acceptable: readonly Release['state'][] = ['published'],
): Promise<VerifiedRelease> {
  const { entries } = await presentRevocations({ db, client });
  try {
    const release = await client.detail(plugin, version);
    if (release === undefined)
      throw new ApiError(
        'PLUGIN_NOT_FOUND',
        `The registry has no ${plugin}${version === undefined ? '' : ` ${version}`}.`,
      );
    if (!acceptable.includes(release.state))
      throw new ApiError('VERSION_UNAVAILABLE', `${plugin} ${release.version} was ${release.state}.`);
    const revoked = entries.find((entry) => entry.id === release.id && entry.version === release.version);
    if (revoked !== undefined)
      throw new ApiError('VERSION_UNAVAILABLE', `${plugin} ${release.version} was revoked: ${revoked.reason}`);
    const downloaded = await client.download(release, await pinnedRegistryKey(db, client));
    if (!downloaded.ok) throw new ApiError(downloaded.code, downloaded.message);
    proveCapabilities(downloaded.package);
    const steps = downloaded.steps.map(({ name, detail }) => `${name}: ${detail}`);
    return { subject: downloaded.package, approval: downloaded.approval, signatures: release, steps };
  } catch (error) {
    throw registryProblem(error);
  }
}

/** The module itself shows what it can do; what the package says about it counts for nothing here. */
function proveCapabilities({ manifest, module }: PluginPackage): void {
  if (!supportsHostApi(manifest.hostApi))
    throw new ApiError(
      'HOST_API_UNSUPPORTED',
      `${manifest.id} ${manifest.version} needs host API ${manifest.hostApi}.`,
    );
  const findings = checkModule(module, manifest);
  const [first] = findings;
  if (first === undefined) return;
  const code = first.rule === 'module.permissions' ? 'PERMISSIONS_UNPROVEN' : 'MODULE_INVALID';
  throw new ApiError(code, findingsText(findings));
}
