import { secretParts, type Credential } from '@patchbay/plugin-sdk/contract/credential';
import { secretLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { SecretInput } from '@patchbay/plugin-sdk/contract/rest/plugins';

/** The stored text of a secret: of one with parts, these as JSON. */
export function storedSecret(value: SecretInput): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The parts of a stored secret; an empty object when it is not what its kind needs. */
export function partsOf(stored: string): Readonly<Record<string, string>> {
  try {
    const parsed: unknown = JSON.parse(stored);
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).filter(([, part]) => typeof part === 'string')) as Record<
      string,
      string
    >;
  } catch {
    return {};
  }
}

/** What is wrong with a secret that somebody entered, by part ('' for the whole); none when it can be stored. */
export function secretIssues(credential: Credential, value: SecretInput): { part: string; message: string }[] {
  const parts = secretParts(credential);
  if (parts === null) {
    if (typeof value !== 'string') return [{ part: '', message: 'Expected one text' }];
    if (credential.kind === 'jwt' && !/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value.trim()))
      return [{ part: '', message: 'Expected a private key in PEM (-----BEGIN PRIVATE KEY-----)' }];
    return tooShort(value) ? [{ part: '', message: SHORT }] : [];
  }
  if (typeof value === 'string')
    return [{ part: '', message: `Expected the parts ${parts.map(({ name }) => name).join(', ')}` }];
  const unknown = Object.keys(value).filter((name) => !parts.some((part) => part.name === name));
  return [
    ...unknown.map((part) => ({ part: part.slice(0, 64), message: 'There is no such part' })),
    ...parts.flatMap(({ name, title, required, hidden }) => {
      const given = value[name];
      if (given === undefined) return required ? [{ part: name, message: `${title} is required` }] : [];
      return hidden && tooShort(given) ? [{ part: name, message: SHORT }] : [];
    }),
  ];
}

/** A shorter one cannot be told from chance in an answer, so that nothing could keep it from a plugin. */
const SHORT = `Expected at least ${secretLimits.charsMin} characters`;

function tooShort(value: string): boolean {
  return value.length < secretLimits.charsMin;
}
