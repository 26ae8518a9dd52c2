import { createHash } from 'node:crypto';

/** The module under another digest: the section behind it says nothing to anybody. */
export function variantOf(wasm: Uint8Array, number: number): Uint8Array {
  const name = Buffer.from(String(number).padStart(4, '0'));
  return Buffer.concat([wasm, Uint8Array.from([0, name.length + 1, name.length]), name]);
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
