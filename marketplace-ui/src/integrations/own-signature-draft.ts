import { ownSignatureSchema, type OwnSignature } from '@patchbay/plugin-sdk/contract/own-signature';
import type { Authentication } from '@patchbay/plugin-sdk/contract/verifier';

/** How an operator's own sender signs, while it is edited: an empty timestamp header means that there is none. */
export type OwnSignatureDraft = Omit<OwnSignature, 'timestampHeader'> & { timestampHeader: string };

export function ownSignatureDraft(own: OwnSignature | null): OwnSignatureDraft | null {
  return own === null ? null : { ...own, timestampHeader: own.timestampHeader ?? '' };
}

/** What the switch begins with: the generic form, to be changed. */
export const firstOwnSignature: OwnSignatureDraft = {
  header: 'X-Signature',
  hash: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
  signed: '{body}',
  timestampHeader: '',
  timestampUnit: 's',
};

/** A sender that signs by HMAC, or can be taught to, may do so in another form; RSA and tokens have one form each. */
export function mayNameOwnSignature({ signatures }: Pick<Authentication, 'signatures'>): boolean {
  return signatures.every(({ kind }) => kind === 'hmac');
}

export function ownSignatureInput(draft: OwnSignatureDraft | null): OwnSignature | null {
  if (draft === null) return null;
  return { ...draft, timestampHeader: draft.timestampHeader === '' ? null : draft.timestampHeader };
}

export type OwnSignatureIssues = Partial<Record<keyof OwnSignatureDraft, string>>;

/** What is wrong, by field. */
export function ownSignatureIssues(draft: OwnSignatureDraft | null): OwnSignatureIssues {
  const input = ownSignatureInput(draft);
  if (input === null) return {};
  const { error } = ownSignatureSchema.safeParse(input);
  const issues: OwnSignatureIssues = {};
  for (const { path, message } of error?.issues ?? []) {
    const field = path[0] as keyof OwnSignatureDraft;
    issues[field] ??= `${message}.`;
  }
  return issues;
}
