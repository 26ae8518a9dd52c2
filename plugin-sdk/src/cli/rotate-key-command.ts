import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openKeyFile } from '../package/key-file.ts';
import { publicKeyPem } from '../package/signing-key.ts';
import { signStatement } from '../package/statement.ts';
import { askRegistry } from './ask-registry.ts';
import { usageError, type CommandResult } from './command-result.ts';
import { configurationFolder } from './configuration-folder.ts';
import { findLogin, type RegistryOptions } from './login.ts';

/** Replaces the key of a namespace by a new one; the present key signs that. */
export async function rotateKeyCommand(
  namespace: string,
  options: RegistryOptions & { key?: string; next: string },
): Promise<CommandResult> {
  const present = options.key ?? join(configurationFolder(), 'author-key.pem');
  if (!existsSync(present)) return usageError(`There is no key in ${present}.`);
  if (existsSync(options.next)) return usageError(`${options.next} is there already; name a file for the new key.`);
  const found = await findLogin(options);
  if (!found.ok) return found.result;
  const key = await openKeyFile(present);
  const next = await openKeyFile(options.next);
  const envelope = signStatement('key-rotation', { namespace, publicKey: publicKeyPem(next.publicKey) }, key);
  const asked = await askRegistry(found.login, {
    method: 'POST',
    path: `/api/registry/namespaces/${encodeURIComponent(namespace)}/keys`,
    body: { envelope },
    schema: z.object({ keyId: z.string(), replaced: z.string() }),
  });
  if (!asked.ok) return asked.result;
  return {
    exitCode: 0,
    report: { namespace, ...asked.value, file: options.next },
    lines: [`${namespace} is signed by ${asked.value.keyId} from now on; its key lies in ${options.next}`],
  };
}
