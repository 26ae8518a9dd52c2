import type { Native } from './native.ts';

/** TextEncoder and TextDecoder for UTF-8 (encoding.spec.whatwg.org); the bytes are moved by the engine. */
export function encodingGlobals(native: Native) {
  class TextEncoder {
    readonly encoding = 'utf-8';

    encode(text = ''): Uint8Array<ArrayBuffer> {
      return native.u(String(text).toWellFormed());
    }

    encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
      let [read, written] = [0, 0];
      for (const char of text.toWellFormed()) {
        const bytes = native.u(char);
        if (written + bytes.length > target.length) break;
        target.set(bytes, written);
        written += bytes.length;
        read += char.length;
      }
      return { read, written };
    }
  }

  class TextDecoder {
    readonly encoding = 'utf-8';
    readonly fatal: boolean;
    readonly ignoreBOM: boolean;

    constructor(label = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
      if (!/^\s*(utf-?8|unicode-1-1-utf-8)\s*$/i.test(label))
        throw new RangeError(`Only UTF-8 can be decoded in a plugin, not "${label}"`);
      this.fatal = options.fatal ?? false;
      this.ignoreBOM = options.ignoreBOM ?? false;
    }

    /** What a part ended with in the midst of a character, to be put before the next part. */
    #held: Uint8Array = new Uint8Array();
    #begun = false;

    decode(input: ArrayBuffer | ArrayBufferView = new ArrayBuffer(0), options: { stream?: boolean } = {}): string {
      const part = ArrayBuffer.isView(input)
        ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
        : new Uint8Array(input);
      const view = this.#held.length === 0 ? part : joined(this.#held, part);
      const stream = options.stream === true;
      const length = view.length - (stream ? openCharacter(view) : 0);
      this.#held = view.slice(length);
      let text = native.d(view.buffer, view.byteOffset, length);
      // The engine lets halves of surrogate pairs through.
      const doubtful = text.includes('\ufffd') || !text.isWellFormed();
      if (doubtful && !sameBytes(native.u(text.toWellFormed()), view.subarray(0, length))) {
        if (this.fatal) {
          this.#held = new Uint8Array();
          this.#begun = false;
          throw new TypeError('The data is not UTF-8');
        }
        const valid = replaced(view.subarray(0, length));
        text = native.d(valid.buffer, 0, valid.length);
      }
      const first = !this.#begun;
      this.#begun = stream && (this.#begun || text !== '');
      return first && !this.ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
  }
  return { TextEncoder, TextDecoder };
}

/** UTF-8 with U+FFFD for each longest part that could have begun a character, as the web counts them. */
function replaced(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    // The second byte of some has narrower bounds, so that nothing is written in two ways and no surrogate at all.
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    let good = Math.min(length, 1);
    while (good > 0 && good < length) {
      const next = bytes[at + good] ?? 0;
      if (next < (good === 1 ? low : 0x80) || next > (good === 1 ? high : 0xbf)) break;
      good += 1;
    }
    if (good === length && length > 0) out.push(...bytes.subarray(at, at + length));
    else out.push(0xef, 0xbf, 0xbd);
    at += Math.max(1, good);
  }
  return Uint8Array.from(out);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** How many bytes at the end begin a character that may go on (RFC 3629 section 4). */
function openCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return byte >= 0xc2 && byte <= 0xf4 && back < length ? back : 0;
  }
  return 0;
}

function sameBytes(encoded: Uint8Array, view: ArrayBufferView): boolean {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return encoded.length === bytes.length && encoded.every((byte, index) => byte === bytes[index]);
}
