import type { Transaction } from 'kysely';
import { capturedSecrets } from '@patchbay/plugin-sdk/contract/captured-secrets';
import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import type { SecretInput } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { secretIssues, storedSecret } from '../effects/credentials/secret-parts.ts';
import { forgetTokens } from '../effects/credentials/token-keeper.ts';
import { putSecret, type SecretOwner } from '../secrets/secret-store.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';

/** What is wrong with secrets that somebody entered: unknown, kept by the host itself, or not of the shape of their kind. */
export function enteredIssues(manifest: Manifest, entered: Readonly<Record<string, SecretInput>>): Issue[] {
  const captured = capturedSecrets(manifest);
  return Object.entries(entered).flatMap(([name, value]) => {
    const path = `secrets.${name}`.slice(0, 400);
    const declaration = manifest.secrets.find((secret) => secret.name === name);
    if (declaration === undefined) return [{ path, message: 'There is no such secret' }];
    if (captured.has(name)) return [{ path, message: 'The host takes this one out of answers; it is not entered' }];
    return secretIssues(declaration.credential, value).map(({ part, message }) => ({
      path: part === '' ? path : `${path}.${part}`,
      message,
    }));
  });
}

/** Stores secrets that were checked; tokens that were got by former ones are forgotten. */
export async function enterSecrets(
  trx: Transaction<Database>,
  vault: Vault,
  owner: Omit<SecretOwner, 'name'>,
  entered: Readonly<Record<string, SecretInput>>,
): Promise<void> {
  for (const [name, value] of Object.entries(entered))
    await putSecret(trx, vault, { ...owner, name, value: storedSecret(value) });
  await forgetTokens(trx, owner, Object.keys(entered));
}
