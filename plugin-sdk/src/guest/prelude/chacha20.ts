/**
 * The ChaCha20 block function as a stream of random words (RFC 8439 section 2.3, nonce zero): the same key gives the
 * same stream, which is what a replay needs, and nothing that was drawn tells what comes next.
 */
export class ChaCha20 {
  readonly #state = new Uint32Array(16);
  readonly #block = new Uint32Array(16);
  #used = 16;

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    this.#state.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
    const view = new DataView(key.buffer, key.byteOffset, 32);
    for (let word = 0; word < 8; word++) this.#state[4 + word] = view.getUint32(word * 4, true);
  }

  /** The next 32 random bits. */
  next(): number {
    if (this.#used === 16) this.#refill();
    return this.#block[this.#used++] as number;
  }

  #refill(): void {
    const x = this.#block;
    x.set(this.#state);
    for (let round = 0; round < 10; round++) {
      quarter(x, 0, 4, 8, 12);
      quarter(x, 1, 5, 9, 13);
      quarter(x, 2, 6, 10, 14);
      quarter(x, 3, 7, 11, 15);
      quarter(x, 0, 5, 10, 15);
      quarter(x, 1, 6, 11, 12);
      quarter(x, 2, 7, 8, 13);
      quarter(x, 3, 4, 9, 14);
    }
    for (let word = 0; word < 16; word++) x[word] = (x[word] as number) + (this.#state[word] as number);
    this.#state[12] = (this.#state[12] as number) + 1;
    this.#used = 0;
  }
}

function quarter(x: Uint32Array, a: number, b: number, c: number, d: number): void {
  mix(x, a, b, d, 16);
  mix(x, c, d, b, 12);
  mix(x, a, b, d, 8);
  mix(x, c, d, b, 7);
}

/** a += b; d ^= a; d <<<= bits */
function mix(x: Uint32Array, a: number, b: number, d: number, bits: number): void {
  const sum = ((x[a] as number) + (x[b] as number)) | 0;
  x[a] = sum;
  const word = (x[d] as number) ^ sum;
  x[d] = (word << bits) | (word >>> (32 - bits));
}
