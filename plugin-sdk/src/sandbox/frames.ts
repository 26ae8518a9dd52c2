import { sandboxLimits } from '../contract/limits.ts';

/**
 * Frames on the pipes between the sandbox and its child processes:
 *
 *   u32 length of what follows | u8 type | u32 length of the header | header (JSON, UTF-8) | body (raw bytes)
 *
 * All numbers are little-endian. Large things (inputs, journals, outputs, modules) are in the body, so that neither
 * side encodes them as JSON a second time. The parent treats every frame of a child as hostile: it is bounded here and
 * its header is read field by field.
 */
export const frameTypes = {
  // parent to child
  module: 1,
  forget: 2,
  run: 3,
  resume: 4,
  unpark: 5,
  /** Like `run`, of a version that is known to be quick. */
  quickRun: 6,
  // child to parent
  ready: 16,
  loading: 17,
  loaded: 18,
  started: 19,
  result: 20,
} as const;

export interface Frame {
  type: number;
  /** JSON text; parsed by who needs it. */
  header: string;
  /** A view into the receive buffer: valid only until more bytes are read. */
  body: Buffer;
}

/**
 * Larger than any honest frame: a module, or input and journal, or output and asks, with what JSON's escapes add.
 */
export const MAX_FRAME_BYTES = 32 * 1024 * 1024;

/**
 * Larger than any honest frame of a child: the output, and a header in which JSON escapes once more what was asked for,
 * and what was logged however it has to be written.
 */
export const MAX_ANSWER_BYTES =
  sandboxLimits.outputBytes + 2 * sandboxLimits.journalBytes + 16 * sandboxLimits.logBytes;

const PREFIX_BYTES = 9;

/** One frame in a buffer of its own. The body parts are copied; strings are written as UTF-8. */
export function encodeFrame(type: number, header: string, ...body: (string | Uint8Array)[]): Buffer {
  const headerBytes = Buffer.byteLength(header);
  let total = PREFIX_BYTES + headerBytes;
  for (const part of body) total += typeof part === 'string' ? Buffer.byteLength(part) : part.length;
  const frame = Buffer.allocUnsafe(total);
  frame.writeUInt32LE(total - 4, 0);
  frame[4] = type;
  frame.writeUInt32LE(headerBytes, 5);
  let at = PREFIX_BYTES + frame.write(header, PREFIX_BYTES);
  for (const part of body) {
    if (typeof part === 'string') at += frame.write(part, at);
    else {
      frame.set(part, at);
      at += part.length;
    }
  }
  return frame;
}

/** Puts chunks together and cuts them into frames. */
export class FrameReader {
  #chunks: Buffer;
  #start = 0;
  #end = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number = MAX_FRAME_BYTES) {
    this.#maxBytes = maxBytes;
    this.#chunks = Buffer.allocUnsafe(64 * 1024);
  }

  /** Adds bytes as they arrived; they are copied. */
  push(chunk: Uint8Array): void {
    this.room(chunk.length).set(chunk);
    this.filled(chunk.length);
  }

  /** A place of at least `bytes` to read into directly; say with `filled` how much came. */
  room(bytes: number): Buffer {
    if (this.#start === this.#end) this.#start = this.#end = 0;
    if (this.#end + bytes > this.#chunks.length) {
      const held = this.#end - this.#start;
      if (held + bytes > this.#chunks.length || this.#start < held) {
        const grown = Buffer.allocUnsafe(Math.max(2 * this.#chunks.length, held + bytes));
        this.#chunks.copy(grown, 0, this.#start, this.#end);
        this.#chunks = grown;
      } else this.#chunks.copyWithin(0, this.#start, this.#end);
      this.#end = held;
      this.#start = 0;
    }
    return this.#chunks.subarray(this.#end);
  }

  filled(bytes: number): void {
    this.#end += bytes;
  }

  /** True when `next` would give a frame. */
  hasFrame(): boolean {
    const held = this.#end - this.#start;
    return held >= 4 && held >= 4 + this.#chunks.readUInt32LE(this.#start);
  }

  /** True when `next` would give a frame of that type. */
  nextIs(type: number): boolean {
    return this.hasFrame() && this.#chunks[this.#start + 4] === type;
  }

  /** The next whole frame, or undefined until more bytes arrive. Throws when a frame breaks the format. */
  next(): Frame | undefined {
    const held = this.#end - this.#start;
    if (held < 4) return undefined;
    const length = this.#chunks.readUInt32LE(this.#start);
    if (length < PREFIX_BYTES - 4 || length > this.#maxBytes) throw new RangeError(`frame of ${length} bytes`);
    if (held < 4 + length) return undefined;
    const at = this.#start + 4;
    const headerBytes = this.#chunks.readUInt32LE(at + 1);
    const headerEnd = at + 5 + headerBytes;
    const end = at + length;
    if (headerEnd > end) throw new RangeError(`header of ${headerBytes} bytes in a frame of ${length}`);
    this.#start = end;
    return {
      type: this.#chunks[at] ?? 0,
      header: this.#chunks.toString('utf8', at + 5, headerEnd),
      body: this.#chunks.subarray(headerEnd, end),
    };
  }
}
