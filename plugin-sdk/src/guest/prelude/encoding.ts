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

    decode(input?: ArrayBuffer | ArrayBufferView): string {
      if (input === undefined) return '';
      const view = ArrayBuffer.isView(input) ? input : new Uint8Array(input);
      const text = native.d(view.buffer, view.byteOffset, view.byteLength);
      if (this.fatal && text.includes('\ufffd') && !sameBytes(native.u(text), view))
        throw new TypeError('The data is not UTF-8');
      return !this.ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
  }
  return { TextEncoder, TextDecoder };
}

function sameBytes(encoded: Uint8Array, view: ArrayBufferView): boolean {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return encoded.length === bytes.length && encoded.every((byte, index) => byte === bytes[index]);
}
