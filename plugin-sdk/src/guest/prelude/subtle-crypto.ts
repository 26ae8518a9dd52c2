import type * as Hashes from './hashes.ts';

/**
 * `crypto.subtle` as far as webhooks need it: digests, and HMAC with a raw key (https://w3c.github.io/webcrypto/). The
 * algorithms are those of @noble/hashes, evaluated at their first use: a plugin that hashes nothing pays for nothing.
 */
const hashNames = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const;
type HashName = (typeof hashNames)[number];
type Bytes = Uint8Array<ArrayBuffer>;
type Source = ArrayBuffer | ArrayBufferView;
type Named = string | { name: string };

const keyUsages = ['sign', 'verify'] as const;

/** As it is before a plugin can have put another in its place. Nothing but the SDK's own text is given to it. */
// oxlint-disable-next-line no-eval
const evaluate = eval as (source: string) => unknown;

const keyBytes = new WeakMap<CryptoKey, Bytes>();

interface HmacAlgorithm {
  name: 'HMAC';
  hash: { name: HashName };
  length: number;
}

/** A key whose bytes nobody reads: they are not among its properties. */
export class CryptoKey {
  readonly type = 'secret';
  readonly extractable: boolean;
  readonly algorithm: HmacAlgorithm;
  readonly usages: readonly string[];

  constructor(proof: typeof keyBytes, extractable: boolean, algorithm: HmacAlgorithm, usages: readonly string[]) {
    if (proof !== keyBytes) throw new TypeError('Illegal constructor');
    this.extractable = extractable;
    this.algorithm = algorithm;
    this.usages = usages;
  }
}

/** @param hashesSource text of hashes.ts as a script */
export function createSubtle(hashesSource: string) {
  let evaluated: typeof Hashes | undefined;
  const hashes = () => (evaluated ??= evaluate(hashesSource) as typeof Hashes);
  const functionOf = (name: HashName) => {
    const { sha1, sha256, sha384, sha512 } = hashes();
    return { 'SHA-1': sha1, 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 }[name];
  };
  const codeOf = (algorithm: Named, key: CryptoKey, data: Source, usage: string): Bytes => {
    mustBeHmac(algorithm);
    const bytes = bytesOf(data);
    const secret = keyBytes.get(key);
    if (secret === undefined) throw new TypeError('Expected a CryptoKey');
    if (!key.usages.includes(usage)) throw new DOMException(`The key is not for ${usage}`, 'InvalidAccessError');
    return hashes().hmac(functionOf(key.algorithm.hash.name), secret, bytes);
  };

  return {
    async digest(algorithm: Named, data: Source): Promise<ArrayBuffer> {
      const name = hashName(algorithm);
      const bytes = bytesOf(data);
      return functionOf(name)(bytes).buffer;
    },

    async importKey(
      format: string,
      keyData: Source,
      algorithm: { name: string; hash: Named; length?: number },
      extractable: boolean,
      usages: readonly string[],
    ): Promise<CryptoKey> {
      if (format !== 'raw') throw new DOMException('Only raw keys can be imported in a plugin', 'NotSupportedError');
      mustBeHmac(algorithm);
      const hash = { name: hashName(algorithm.hash) };
      if (usages.length === 0 || usages.some((usage) => !(keyUsages as readonly string[]).includes(usage)))
        throw new DOMException('A key for HMAC is for sign, verify or both', 'SyntaxError');
      const bytes = bytesOf(keyData);
      const length = algorithm.length ?? bytes.length * 8;
      if (bytes.length === 0) throw new DOMException('The key is empty', 'DataError');
      if (length !== bytes.length * 8)
        throw new DOMException(`The key has ${bytes.length * 8} bits and not ${length}`, 'DataError');
      const key = new CryptoKey(
        keyBytes,
        Boolean(extractable),
        { name: 'HMAC', hash, length },
        keyUsages.filter((usage) => usages.includes(usage)),
      );
      keyBytes.set(key, bytes);
      return key;
    },

    async sign(algorithm: Named, key: CryptoKey, data: Source): Promise<ArrayBuffer> {
      return codeOf(algorithm, key, data, 'sign').buffer;
    },

    /** Takes the same time wherever the first difference is. */
    async verify(algorithm: Named, key: CryptoKey, signature: Source, data: Source): Promise<boolean> {
      const given = bytesOf(signature);
      const code = codeOf(algorithm, key, data, 'verify');
      let different = code.length ^ given.length;
      code.forEach((byte, at) => {
        different |= byte ^ (given[at] ?? 0);
      });
      return different === 0;
    },
  };
}

function nameOf(algorithm: Named): string {
  const name = typeof algorithm === 'string' ? algorithm : (Object(algorithm) as { name?: unknown }).name;
  if (typeof name !== 'string') throw new TypeError('The algorithm has no name');
  return name.toUpperCase();
}

function hashName(algorithm: Named): HashName {
  const wanted = nameOf(algorithm);
  const known = hashNames.find((name) => name === wanted);
  if (known === undefined) throw new DOMException(`The hash "${wanted}" does not exist here`, 'NotSupportedError');
  return known;
}

function mustBeHmac(algorithm: Named): void {
  const name = nameOf(algorithm);
  if (name !== 'HMAC') throw new DOMException(`"${name}" does not exist here; HMAC does`, 'NotSupportedError');
}

/** A copy, because the plugin may go on writing to its own while the promise is open. */
function bytesOf(data: Source): Bytes {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  if (data instanceof ArrayBuffer) return new Uint8Array(data).slice();
  throw new TypeError('Expected an ArrayBuffer or a view of one');
}
