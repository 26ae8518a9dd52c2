import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Envelope encryption for everything secret at rest. Each value has a data key of its own, wrapped by the key of
 * the host; both layers are AES-256-GCM (NIST SP 800-38D). Sealed bytes:
 *
 *   version 1 byte | wrap nonce 12 | wrapped data key 32 | wrap tag 16 | nonce 12 | ciphertext n | tag 16
 *
 * `context` names what the value belongs to and is authenticated with it, so that a ciphertext which is moved to
 * another row does not open there.
 */
export interface Vault {
  /** Names the host key; stored beside each ciphertext, so that a later key can be told apart. */
  readonly keyId: string;
  seal(plain: Uint8Array | string, context: string): Buffer;
  /** @throws VaultError when the bytes, the context or the key do not belong together */
  open(sealed: Uint8Array, context: string): Buffer;
}

export class VaultError extends Error {
  override readonly name = 'VaultError';
}

const VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAP_END = 1 + NONCE_BYTES + KEY_BYTES + TAG_BYTES;

export function createVault(hostKey: Buffer): Vault {
  if (hostKey.length !== KEY_BYTES) throw new VaultError('The host key must be 32 bytes');
  const keyId = createHash('sha256').update('patchbay-host-key\n').update(hostKey).digest('hex').slice(0, 16);
  return {
    keyId,
    seal(plain, context) {
      const dataKey = randomBytes(KEY_BYTES);
      const wrapped = encrypt(hostKey, dataKey, `key ${context}`);
      return Buffer.concat([Buffer.of(VERSION), wrapped, encrypt(dataKey, Buffer.from(plain), context)]);
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      if (bytes.length < WRAP_END + NONCE_BYTES + TAG_BYTES || bytes[0] !== VERSION)
        throw new VaultError('These are not sealed bytes');
      const dataKey = decrypt(hostKey, bytes.subarray(1, WRAP_END), `key ${context}`);
      return decrypt(dataKey, bytes.subarray(WRAP_END), context);
    },
  };
}

/** The host key from the environment, else from `<folder>/secret.key`, which is made on first use (mode 0600). */
export async function loadHostKey(folder: string, fromEnvironment: string | undefined): Promise<Buffer> {
  if (fromEnvironment !== undefined) return Buffer.from(fromEnvironment, 'hex');
  const path = join(folder, 'secret.key');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await file.writeFile(`${randomBytes(KEY_BYTES).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const text = (await readFile(path, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new VaultError(`${path} does not hold a key of 32 bytes in hex`);
  return Buffer.from(text, 'hex');
}

function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, bytes: Buffer, context: string): Buffer {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(bytes.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new VaultError('The sealed bytes do not open with this key and context', { cause });
  }
}
