import type { KeyObject } from 'node:crypto';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import type { ApprovalStatement } from '@patchbay/plugin-sdk/package/statement';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { readPackage } from '@patchbay/plugin-sdk/package/read-package';
import type { Release } from '../api/registry-resources.ts';
import { verifySignatures, type VerifiedStep } from './verify-signatures.ts';

export type VerifyOutcome =
  | { ok: true; package: PluginPackage; approval: ApprovalStatement; steps: VerifiedStep[] }
  | { ok: false; code: 'PACKAGE_TAMPERED'; message: string };

/**
 * Verifies downloaded bytes from the trusted key down, without any network:
 *
 *   1. digest              the bytes are those that the catalogue names
 *   2. registry signature  the registry approved exactly these bytes as this version
 *   3. author signature    the author whose key the approval names released exactly these bytes
 *   4. archive             they are a package, whose manifest is of this plugin and version
 *   5. module              the module inside is the one that both signed
 */
export async function verifyDownload(
  bytes: Uint8Array,
  release: Release,
  trustedKey: KeyObject,
): Promise<VerifyOutcome> {
  const { id, version } = release;
  const steps: VerifiedStep[] = [];
  const passed = (name: VerifiedStep['name'], detail: string) => steps.push({ name, detail });
  const refuse = (step: VerifiedStep['name'], message: string): VerifyOutcome => ({
    ok: false,
    code: 'PACKAGE_TAMPERED',
    message: `${id} ${version} does not verify, at the step "${step}": ${message}`,
  });

  const digest = sha256(bytes);
  if (digest !== release.sha256) return refuse('digest', 'The bytes are not those that the catalogue names.');
  passed('digest', `sha256 ${digest}`);

  const signed = verifySignatures({ id, version, sha256: digest }, release, trustedKey);
  if (!signed.ok) return refuse(signed.step, signed.message);
  steps.push(...signed.steps);

  const read = await readPackage(bytes);
  if (!read.ok) return refuse('archive', read.message);
  const { manifest, moduleSha256 } = read.package;
  if (manifest.id !== id || manifest.version !== version)
    return refuse('archive', `It holds ${manifest.id} ${manifest.version}.`);
  passed('archive', `${read.package.files.size} files`);

  if (moduleSha256 !== signed.moduleSha256) return refuse('module', 'It is not the one that was signed.');
  passed('module', `sha256 ${moduleSha256}`);
  return { ok: true, package: read.package, approval: signed.approval, steps };
}
