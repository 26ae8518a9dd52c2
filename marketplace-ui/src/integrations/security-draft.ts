import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import {
  ownSignatureDraft,
  ownSignatureInput,
  ownSignatureIssues,
  type OwnSignatureDraft,
} from './own-signature-draft.ts';

const RATE_MAX = 100_000;
const RATE_DEFAULT = 100;
export const SECRET_CHARS = { min: 8, max: 1024 };
const ADDRESSES_MAX = 100;

/** Who may post to an integration, and how often, while it is edited. */
export interface SecurityDraft {
  /** Empty keeps what is set. */
  signatureSecret: string;
  removeSecret: boolean;
  signatureRequired: boolean;
  /** Null: the sender signs as its plugin declares. */
  ownSignature: OwnSignatureDraft | null;
  /** One address or network per line. */
  ipAllow: string;
  ipDeny: string;
  publishedOnly: boolean;
  ratePerMinute: number | string;
  /** Empty: as many as in a minute. */
  burst: number | string;
}

export function securityDraft(integration?: Integration): SecurityDraft {
  return {
    signatureSecret: '',
    removeSecret: false,
    signatureRequired: integration?.signature.required ?? false,
    ownSignature: ownSignatureDraft(integration?.signature.own ?? null),
    ipAllow: (integration?.ipAllow ?? []).join('\n'),
    ipDeny: (integration?.ipDeny ?? []).join('\n'),
    publishedOnly: integration?.publishedOnly ?? false,
    ratePerMinute: integration?.ratePerMinute ?? RATE_DEFAULT,
    burst: integration?.burst ?? '',
  };
}

export type SecurityIssues = Partial<Record<keyof SecurityDraft, string>>;

/** What is wrong, by field. `secretStored`: the host has a secret already. */
export function securityIssues(draft: SecurityDraft, secretStored: boolean, needsSecret: boolean): SecurityIssues {
  const issues: SecurityIssues = {};
  const { signatureSecret: secret } = draft;
  if (secret !== '' && secret.length < SECRET_CHARS.min)
    issues.signatureSecret = `Enter at least ${SECRET_CHARS.min} characters.`;
  if (secret.length > SECRET_CHARS.max) issues.signatureSecret = `Enter at most ${SECRET_CHARS.max} characters.`;
  const hasSecret = secret !== '' || (secretStored && !draft.removeSecret);
  if (draft.signatureRequired && needsSecret && !hasSecret)
    issues.signatureSecret ??= 'Enter the secret, or every request would be refused.';
  if (Object.keys(ownSignatureIssues(draft.ownSignature)).length > 0)
    issues.ownSignature = 'The form of the signature is not complete.';
  for (const field of ['ipAllow', 'ipDeny'] as const) {
    const issue = addressesIssue(draft[field]);
    if (issue !== undefined) issues[field] = issue;
  }
  if (!isRate(draft.ratePerMinute)) issues.ratePerMinute = RATE_ISSUE;
  if (draft.burst !== '' && !isRate(draft.burst)) issues.burst = RATE_ISSUE;
  return issues;
}

const RATE_ISSUE = `Enter a whole number from 1 to ${RATE_MAX.toLocaleString('en')}.`;

function isRate(value: number | string): boolean {
  const rate = Number(value);
  return value !== '' && Number.isInteger(rate) && rate >= 1 && rate <= RATE_MAX;
}

function addressesIssue(text: string): string | undefined {
  const lines = addressLines(text);
  if (lines.length > ADDRESSES_MAX) return `Enter at most ${ADDRESSES_MAX} lines; there are ${lines.length}.`;
  const wrong = lines.find((line) => !isNetwork(line));
  return wrong === undefined ? undefined : `“${wrong}” is neither an address nor a network such as 192.0.2.0/24.`;
}

/** The part of the body that this draft stands for. */
export function securityInput(draft: SecurityDraft) {
  return {
    signatureRequired: draft.signatureRequired,
    ownSignature: ownSignatureInput(draft.ownSignature),
    ipAllow: addressLines(draft.ipAllow),
    ipDeny: addressLines(draft.ipDeny),
    publishedOnly: draft.publishedOnly,
    ratePerMinute: Number(draft.ratePerMinute),
    burst: draft.burst === '' ? null : Number(draft.burst),
  };
}

function addressLines(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** A first look at the shape; the host parses it for good. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return false;
  const parts = address.split('.');
  const four = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  if (four) return bits === undefined || Number(bits) <= 32;
  return address.includes(':') && /^[0-9a-f:.]+$/i.test(address) && (bits === undefined || Number(bits) <= 128);
}
