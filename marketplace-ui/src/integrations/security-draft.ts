import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';

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
  /** One address or network per line. */
  ipAllow: string;
  ratePerMinute: number | string;
}

export function securityDraft(integration?: Integration): SecurityDraft {
  return {
    signatureSecret: '',
    removeSecret: false,
    signatureRequired: integration?.signature.required ?? false,
    ipAllow: (integration?.ipAllow ?? []).join('\n'),
    ratePerMinute: integration?.ratePerMinute ?? RATE_DEFAULT,
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
  const lines = addressLines(draft.ipAllow);
  const wrong = lines.find((line) => !isNetwork(line));
  if (wrong !== undefined) issues.ipAllow = `“${wrong}” is neither an address nor a network such as 192.0.2.0/24.`;
  if (lines.length > ADDRESSES_MAX) issues.ipAllow = `Enter at most ${ADDRESSES_MAX} lines; there are ${lines.length}.`;
  const rate = Number(draft.ratePerMinute);
  if (draft.ratePerMinute === '' || !Number.isInteger(rate) || rate < 1 || rate > RATE_MAX)
    issues.ratePerMinute = `Enter a whole number from 1 to ${RATE_MAX.toLocaleString('en')}.`;
  return issues;
}

/** The part of the body that this draft stands for. */
export function securityInput(draft: SecurityDraft) {
  return {
    signatureRequired: draft.signatureRequired,
    ipAllow: addressLines(draft.ipAllow),
    ratePerMinute: Number(draft.ratePerMinute),
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
