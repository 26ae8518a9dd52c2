import { secretParts } from '@patchbay/plugin-sdk/contract/credential';
import type { SecretDeclaration } from '@patchbay/plugin-sdk/contract/manifest';
import type { SecretInput } from '@patchbay/plugin-sdk/contract/rest/plugins';

/** What was typed, by the name of the secret, or by `name.part` of one that has several. */
export type SecretDraft = Record<string, string>;

/** The key of a part in a draft, and in the paths of the host's issues. */
export function partKey(name: string, part: string): string {
  return `${name}.${part}`;
}

/** Required secrets and parts without a value, in words by key. A secret with parts is replaced as a whole. */
export function missingSecrets(
  secrets: readonly SecretDeclaration[],
  draft: SecretDraft,
  set: readonly string[] = [],
): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const { name, required, credential } of secrets) {
    const parts = secretParts(credential);
    const typed = parts?.some((part) => filled(draft, partKey(name, part.name))) ?? filled(draft, name);
    if (!typed && (!required || set.includes(name))) continue;
    const keys = parts?.filter((part) => part.required).map((part) => partKey(name, part.name)) ?? [name];
    for (const key of keys) if (!filled(draft, key)) missing[key] = 'Fill this in.';
  }
  return missing;
}

/** What was typed: empty fields are left out. */
export function typedSecrets(secrets: readonly SecretDeclaration[], draft: SecretDraft): Record<string, SecretInput> {
  const typed: Record<string, SecretInput> = {};
  for (const { name, credential } of secrets) {
    const parts = secretParts(credential);
    if (parts === null) {
      if (filled(draft, name)) typed[name] = draft[name] ?? '';
      continue;
    }
    const entered = parts.flatMap((part) => {
      const value = draft[partKey(name, part.name)] ?? '';
      return value === '' ? [] : [[part.name, value] as const];
    });
    if (entered.length > 0) typed[name] = Object.fromEntries(entered);
  }
  return typed;
}

function filled(draft: SecretDraft, key: string): boolean {
  return (draft[key] ?? '') !== '';
}
