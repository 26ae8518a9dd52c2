import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * Envelope encryption for everything secret at rest. Each value has a data key of its own, wrapped by a key of the
 * host; both layers are AES-256-GCM (NIST SP 800-38D). Sealed bytes:
 *
 *   head  2 | host key id 8 | wrap nonce 12 | wrapped data key 32 | wrap tag 16
 *   body  nonce 12 | ciphertext n | tag 16
 *
 * Heads that begin with 1 are older and have no key id. Another host key changes the head alone.
 *
 * `context` names what the value belongs to and is authenticated with it, so that a ciphertext which is moved to
 * another row does not open there.
 */
export interface Vault {
  /** Names the host key that seals; stored beside each ciphertext, so that a later key can be told apart. */
  readonly keyId: string;
  /** Every host key that opens, the sealing one first. */
  readonly keyIds: readonly string[];
  /** How the bytes begin that the present key has sealed. */
  readonly mark: Buffer;
  seal(plain: Uint8Array | string, context: string): Buffer;
  /** @throws VaultError when the bytes, the context or the key do not belong together */
  open(sealed: Uint8Array, context: string): Buffer;
  /**
   * Wraps the data key by the present host key.
   *
   * @param sealed at least the first HEAD_BYTES of sealed bytes
   * @returns the new head and how many bytes it takes the place of; null when it is the present key's already
   * @throws VaultError
   */
  rewrap(sealed: Uint8Array, context: string): { head: Buffer; replaces: number } | null;
}

export class VaultError extends Error {
  override readonly name: string = 'VaultError';
}

/** Sealed with a host key that this host was not given. */
export class HostKeyMissing extends VaultError {
  override readonly name = 'HostKeyMissing';
  readonly keyId: string;
  constructor(keyId: string, known: readonly string[]) {
    super(
      `This was sealed with the host key ${keyId}, which this host does not have (it has ${known.join(', ')}). ` +
        'Add it to PATCHBAY_SECRET_KEYS_OLD',
    );
    this.keyId = keyId;
  }
}

const OLD_VERSION = 1;
const VERSION = 2;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAP_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;
export const HEAD_BYTES = 1 + KEY_ID_BYTES + WRAP_BYTES;

/**
 * @param hostKey seals, and opens what it sealed
 * @param others open what they sealed before, or what other hosts seal already
 */
export function createVault(hostKey: Buffer, others: readonly Buffer[] = []): Vault {
  const keys = new Map([hostKey, ...others].map((key) => [keyIdOf(key), key]));
  const keyIds = [...keys.keys()];
  const keyId = keyIdOf(hostKey);
  const mark = Buffer.concat([Buffer.of(VERSION), Buffer.from(keyId, 'hex')]);

  const wrap = (dataKey: Buffer, context: string) => Buffer.concat([mark, encrypt(hostKey, dataKey, `key ${context}`)]);

  function unwrap(bytes: Buffer, context: string): { dataKey: Buffer; headBytes: number } {
    if (bytes[0] === OLD_VERSION && bytes.length >= 1 + WRAP_BYTES) {
      const headBytes = 1 + WRAP_BYTES;
      const wrapped = bytes.subarray(1, headBytes);
      for (const key of keys.values()) {
        const dataKey = tryDecrypt(key, wrapped, `key ${context}`);
        if (dataKey !== null) return { dataKey, headBytes };
      }
      throw new VaultError(
        `These bytes open with none of the host keys ${keyIds.join(', ')}, or are not of ${context}`,
      );
    }
    if (bytes[0] !== VERSION || bytes.length < HEAD_BYTES) throw new VaultError('These are not sealed bytes');
    const sealedBy = bytes.subarray(1, 1 + KEY_ID_BYTES).toString('hex');
    const key = keys.get(sealedBy);
    if (key === undefined) throw new HostKeyMissing(sealedBy, keyIds);
    const wrapped = bytes.subarray(1 + KEY_ID_BYTES, HEAD_BYTES);
    return { dataKey: decrypt(key, wrapped, `key ${context}`), headBytes: HEAD_BYTES };
  }

  return {
    keyId,
    keyIds,
    mark,
    seal(plain, context) {
      const dataKey = randomBytes(KEY_BYTES);
      return Buffer.concat([wrap(dataKey, context), encrypt(dataKey, Buffer.from(plain), context)]);
    },
    open(sealed, context) {
      const bytes = asBuffer(sealed);
      const { dataKey, headBytes } = unwrap(bytes, context);
      if (bytes.length < headBytes + NONCE_BYTES + TAG_BYTES) throw new VaultError('These are not sealed bytes');
      return decrypt(dataKey, bytes.subarray(headBytes), context);
    },
    rewrap(sealed, context) {
      const bytes = asBuffer(sealed);
      if (bytes.subarray(0, mark.length).equals(mark)) return null;
      const { dataKey, headBytes } = unwrap(bytes, context);
      return { head: wrap(dataKey, context), replaces: headBytes };
    },
  };
}

function keyIdOf(hostKey: Buffer): string {
  if (hostKey.length !== KEY_BYTES) throw new VaultError('A host key must be 32 bytes');
  const digest = createHash('sha256').update('patchbay-host-key\n').update(hostKey).digest('hex');
  return digest.slice(0, 2 * KEY_ID_BYTES);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, bytes: Buffer, context: string): Buffer {
  const plain = tryDecrypt(key, bytes, context);
  if (plain === null) throw new VaultError('The sealed bytes do not open with this key and context');
  return plain;
}

function tryDecrypt(key: Buffer, bytes: Buffer, context: string): Buffer | null {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(bytes.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
