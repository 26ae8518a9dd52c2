import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { errorEnvelopeSchema } from '../contract/rest/page.ts';
import { openKeyFile } from '../package/key-file.ts';
import { readPackage } from '../package/read-package.ts';
import { publicKeyPem } from '../package/signing-key.ts';
import { signStatement } from '../package/statement.ts';
import { checkBytes } from './check-command.ts';
import { failure, usageError, type CommandResult } from './command-result.ts';
import { packageBytes } from './read-bytes.ts';

export interface PublishOptions {
  registry: string;
  token: string;
  key?: string;
}

const answerSchema = z.looseObject({ state: z.string(), plugin: z.string(), version: z.string() });
const UPLOAD_MS = 120_000;

/** Makes the registry's checks, signs exactly the bytes that passed, and uploads them. */
export async function publishCommand(path: string, options: PublishOptions): Promise<CommandResult> {
  if (!URL.canParse(options.registry)) return usageError(`"${options.registry}" is no address of a registry.`);
  const packed = await packageBytes(path);
  if (!packed.ok) return packed.result;
  const checked = await checkBytes(packed.bytes);
  if (checked.exitCode !== 0) return checked;
  const read = await readPackage(packed.bytes);
  if (!read.ok) return failure(read.code, read.message);
  const { manifest, sha256, moduleSha256, sources } = read.package;
  const { id, version, hostApi } = manifest;
  const key = await openKeyFile(options.key ?? join(configurationFolder(), 'author-key.pem'));
  const envelope = signStatement('release', { id, version, hostApi, sdk: sources.sdk, sha256, moduleSha256 }, key);

  const inHeader = (text: string): string => Buffer.from(text).toString('base64');
  let response: Response;
  try {
    response = await fetch(new URL('/api/registry/plugins', options.registry), {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(UPLOAD_MS),
      headers: {
        authorization: `Bearer ${options.token}`,
        'content-type': 'application/gzip',
        'x-patchbay-envelope': inHeader(JSON.stringify(envelope)),
        'x-patchbay-key': inHeader(publicKeyPem(key.publicKey)),
      },
      body: new Uint8Array(packed.bytes),
    });
  } catch (error) {
    const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    return failure('REGISTRY_UNAVAILABLE', `The registry cannot be reached: ${why}`);
  }
  const body: unknown = await response.json().catch(() => undefined);
  const answer = answerSchema.safeParse(body);
  if (response.ok && answer.success)
    return {
      exitCode: 0,
      report: { ...answer.data, sha256, keyId: key.id },
      lines: [`${id} ${version} is ${answer.data.state.replace('_', ' ')} (sha256 ${sha256}, signed by ${key.id})`],
    };
  const refused = errorEnvelopeSchema.safeParse(body);
  if (!refused.success) return failure('REGISTRY_UNAVAILABLE', `The registry answered ${response.status}.`);
  const { code, message, remedy, details = [] } = refused.data.error;
  const result = failure(code, message, { remedy, details });
  return { ...result, lines: [...result.lines, ...details.map((one) => `  ${one.path}: ${one.message}`), remedy] };
}

function configurationFolder(): string {
  const base = process.platform === 'win32' ? process.env['APPDATA'] : process.env['XDG_CONFIG_HOME'];
  return join(base ?? join(homedir(), '.config'), 'patchbay');
}
