import type { KeyObject } from 'node:crypto';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import { keyId } from '@patchbay/plugin-sdk/package/dsse';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import { readPackage } from '@patchbay/plugin-sdk/package/read-package';
import { parsePublicKey } from '@patchbay/plugin-sdk/package/signing-key';
import { verifyEnvelope } from '@patchbay/plugin-sdk/package/statement';
import type { Release } from '../api/registry-resources.ts';

/** A step that was passed, in words: what an operator and the audit log can show. */
export interface VerifiedStep {
  name: 'digest' | 'registry signature' | 'author signature' | 'archive' | 'module';
  detail: string;
}

export type VerifyOutcome =
  | { ok: true; package: PluginPackage; steps: VerifiedStep[] }
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

  const registryKeys = new Map([[keyId(trustedKey), trustedKey]]);
  const approval = verifyEnvelope('approval', release.registry.envelope, registryKeys);
  if (!approval.ok) return refuse('registry signature', approval.message);
  const approved = approval.statement;
  if (approved.id !== id || approved.version !== version || approved.sha256 !== digest)
    return refuse('registry signature', 'It approves another package.');
  passed('registry signature', `key ${approval.keyId}, approved by ${approved.approvedBy}`);

  const authorKey = publicKeyOrUndefined(release.author.publicKey);
  if (authorKey === undefined || keyId(authorKey) !== approved.author)
    return refuse('author signature', 'The key is not the one that the approval names.');
  const author = verifyEnvelope('release', release.author.envelope, new Map([[approved.author, authorKey]]));
  if (!author.ok) return refuse('author signature', author.message);
  const released = author.statement;
  if (released.id !== id || released.version !== version || released.sha256 !== digest)
    return refuse('author signature', 'It is for another package.');
  passed('author signature', `key ${author.keyId}`);

  const read = await readPackage(bytes);
  if (!read.ok) return refuse('archive', read.message);
  const { manifest, moduleSha256 } = read.package;
  if (manifest.id !== id || manifest.version !== version)
    return refuse('archive', `It holds ${manifest.id} ${manifest.version}.`);
  passed('archive', `${read.package.files.size} files`);

  if (moduleSha256 !== approved.moduleSha256 || moduleSha256 !== released.moduleSha256)
    return refuse('module', 'It is not the one that was signed.');
  passed('module', `sha256 ${moduleSha256}`);
  return { ok: true, package: read.package, steps };
}

function publicKeyOrUndefined(pem: string): KeyObject | undefined {
  try {
    return parsePublicKey(pem);
  } catch {
    return undefined;
  }
}
