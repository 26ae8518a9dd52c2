import { join } from 'node:path';
import { submissionSchema } from '../contract/rest/registry.ts';
import { openKeyFile } from '../package/key-file.ts';
import { readPackage } from '../package/read-package.ts';
import { publicKeyPem } from '../package/signing-key.ts';
import { signStatement } from '../package/statement.ts';
import { askRegistry } from './ask-registry.ts';
import { checkBytes } from './check-command.ts';
import { failure, type CommandResult } from './command-result.ts';
import { configurationFolder } from './configuration-folder.ts';
import { findLogin, type RegistryOptions } from './login.ts';
import type { Progress } from './progress.ts';
import { packageBytes } from './read-bytes.ts';
import { exitCodeOf, submissionLines } from './status-command.ts';

export interface PublishOptions extends RegistryOptions {
  key?: string;
  /** Take the plugin's namespace, if nobody has it. */
  claim?: boolean;
}

/**
 * Makes the registry's checks, signs exactly the bytes that passed, and uploads them. It is a success only when the
 * version is in the catalogue at the end; mostly it is held first.
 */
export async function publishCommand(
  path: string,
  options: PublishOptions,
  progress: Progress,
): Promise<CommandResult> {
  const found = await findLogin(options);
  if (!found.ok) return found.result;
  const packed = await packageBytes(path, progress);
  if (!packed.ok) return packed.result;
  const checked = await checkBytes(packed.bytes, progress);
  if (checked.exitCode !== 0) return checked;
  const read = await readPackage(packed.bytes);
  if (!read.ok) return failure(read.code, read.message);
  const { manifest, sha256, moduleSha256, sources } = read.package;
  const { id, version, hostApi } = manifest;
  const key = await openKeyFile(options.key ?? join(configurationFolder(), 'author-key.pem'));
  const envelope = signStatement('release', { id, version, hostApi, sdk: sources.sdk, sha256, moduleSha256 }, key);

  const inHeader = (text: string): string => Buffer.from(text).toString('base64');
  const question = {
    method: 'POST' as const,
    path: '/api/registry/plugins',
    schema: submissionSchema,
    headers: {
      'content-type': 'application/gzip',
      'x-patchbay-envelope': inHeader(JSON.stringify(envelope)),
      'x-patchbay-key': inHeader(publicKeyPem(key.publicKey)),
      ...(options.claim === true && { 'x-patchbay-claim': 'yes' }),
    },
    body: packed.bytes,
  };
  const asked = await showingBytes(progress, packed.bytes.length, (sent) =>
    askRegistry(found.login, { ...question, sent }),
  );
  if (!asked.ok) return asked.result;
  const exitCode = exitCodeOf(asked.value);
  const held = exitCode === 3;
  const checks = exitCode === 1 ? asked.value.checks : [];
  return {
    exitCode,
    report: { ...asked.value, sha256, keyId: key.id, held },
    lines: [
      `Uploaded ${id} ${version} (sha256 ${sha256}, signed by ${key.id})`,
      ...submissionLines({ ...asked.value, checks }),
      ...(held ? [`It is not in the catalogue yet. See: patchbay status ${id}`] : []),
    ],
  };
}

const KIB = 1024;

/** Shows how much of an upload has gone, and then that the registry is at work. */
async function showingBytes<T>(
  progress: Progress,
  total: number,
  upload: (sent: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  let step = progress.begin('Uploading', Math.ceil(total / KIB), ' KiB');
  let left = total;
  const sent = (bytes: number): void => {
    step.advance(bytes / KIB);
    left -= bytes;
    if (left > 0) return;
    step.end();
    step = progress.begin('The registry checks it again');
  };
  try {
    return await upload(sent);
  } finally {
    step.end();
  }
}
