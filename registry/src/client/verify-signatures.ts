import type { KeyObject } from 'node:crypto';
import { keyId, type Envelope } from '@patchbay/plugin-sdk/package/dsse';
import { parsePublicKey } from '@patchbay/plugin-sdk/package/signing-key';
import { verifyEnvelope, type ApprovalStatement } from '@patchbay/plugin-sdk/package/statement';

/** A step that was passed, in words: what an operator and the audit log can show. */
export interface VerifiedStep {
  name: 'digest' | 'registry signature' | 'author signature' | 'archive' | 'module';
  detail: string;
}

/** What is said and signed of a version: by the registry, and by the author whose key the registry names. */
export interface VersionSignatures {
  registry: { envelope: Envelope };
  author: { publicKey: string; envelope: Envelope };
}

export type SignaturesOutcome =
  | { ok: true; approval: ApprovalStatement; moduleSha256: string; steps: VerifiedStep[] }
  | { ok: false; step: VerifiedStep['name']; message: string };

/**
 * Verifies the two signatures over one version, from the trusted registry key down; both name the same module.
 *
 * @param subject what they have to be for: the sha256 is that of the exact bytes of the package
 */
export function verifySignatures(
  { id, version, sha256 }: { id: string; version: string; sha256: string },
  signatures: VersionSignatures,
  trustedKey: KeyObject,
): SignaturesOutcome {
  const refuse = (step: VerifiedStep['name'], message: string): SignaturesOutcome => ({ ok: false, step, message });
  const isSubject = (said: { id: string; version: string; sha256: string }) =>
    said.id === id && said.version === version && said.sha256 === sha256;

  const approval = verifyEnvelope('approval', signatures.registry.envelope, new Map([[keyId(trustedKey), trustedKey]]));
  if (!approval.ok) return refuse('registry signature', approval.message);
  const approved = approval.statement;
  if (!isSubject(approved)) return refuse('registry signature', 'It approves another package.');

  const authorKey = publicKeyOrUndefined(signatures.author.publicKey);
  if (authorKey === undefined || keyId(authorKey) !== approved.author)
    return refuse('author signature', 'The key is not the one that the approval names.');
  const author = verifyEnvelope('release', signatures.author.envelope, new Map([[approved.author, authorKey]]));
  if (!author.ok) return refuse('author signature', author.message);
  if (!isSubject(author.statement)) return refuse('author signature', 'It is for another package.');

  if (approved.moduleSha256 !== author.statement.moduleSha256)
    return refuse('module', 'Author and registry have signed different ones.');
  const steps: VerifiedStep[] = [
    { name: 'registry signature', detail: `key ${approval.keyId}, approved by ${approved.approvedBy}` },
    { name: 'author signature', detail: `key ${author.keyId}` },
  ];
  return { ok: true, approval: approved, moduleSha256: approved.moduleSha256, steps };
}

function publicKeyOrUndefined(pem: string): KeyObject | undefined {
  try {
    return parsePublicKey(pem);
  } catch {
    return undefined;
  }
}
