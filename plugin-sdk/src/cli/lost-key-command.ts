import { z } from 'zod';
import { keyId } from '../package/dsse.ts';
import { openKeyFile } from '../package/key-file.ts';
import { publicKeyPem } from '../package/signing-key.ts';
import { askRegistry } from './ask-registry.ts';
import type { CommandResult } from './command-result.ts';
import { findLogin, type RegistryOptions } from './login.ts';

/** Asks that a new key takes the place of one that is lost; nothing signs for it, so an admin of the registry decides. */
export async function lostKeyCommand(
  namespace: string,
  options: RegistryOptions & { next: string; reason: string },
): Promise<CommandResult> {
  const found = await findLogin(options);
  if (!found.ok) return found.result;
  const { publicKey } = await openKeyFile(options.next);
  const asked = await askRegistry(found.login, {
    method: 'POST',
    path: `/api/registry/namespaces/${encodeURIComponent(namespace)}/lost-key`,
    body: { publicKey: publicKeyPem(publicKey), reason: options.reason },
    schema: z.object({ requestId: z.string() }),
  });
  if (!asked.ok) return asked.result;
  return {
    exitCode: 0,
    report: { namespace, ...asked.value, keyId: keyId(publicKey), file: options.next },
    lines: [
      `An admin of the registry decides whether ${keyId(publicKey)} signs for ${namespace}.`,
      `Keep ${options.next}; until then nothing can be published there.`,
    ],
  };
}
