const BLOCK_BYTES = 4096;

/**
 * The contents of a memory at one moment, in runs of blocks: those that are all zero are only named, which is most of
 * an engine's memory (its stack and its spare heap). Putting zeros back is twice as fast as copying zeros back.
 */
export class MemoryImage {
  readonly byteLength: number;
  readonly #zeros: { start: number; end: number }[] = [];
  readonly #copies: { start: number; bytes: Uint8Array }[] = [];

  constructor(memory: Uint8Array) {
    this.byteLength = memory.length;
    for (let start = 0; start < memory.length;) {
      const zero = isZero(memory, start);
      let end = start + BLOCK_BYTES;
      while (end < memory.length && isZero(memory, end) === zero) end += BLOCK_BYTES;
      if (zero) this.#zeros.push({ start, end });
      else this.#copies.push({ start, bytes: memory.slice(start, end) });
      start = end;
    }
  }

  /** Makes every byte of a memory of the same length what it was. */
  restore(memory: Uint8Array): void {
    for (const { start, end } of this.#zeros) memory.fill(0, start, end);
    for (const { start, bytes } of this.#copies) memory.set(bytes, start);
  }
}

const NOTHING = Buffer.alloc(BLOCK_BYTES);

function isZero(memory: Uint8Array, start: number): boolean {
  return NOTHING.equals(memory.subarray(start, start + BLOCK_BYTES));
}
