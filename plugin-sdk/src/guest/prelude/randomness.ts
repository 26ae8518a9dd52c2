import { createSubtle } from './subtle-crypto.ts';
import { refuseAtTopLevel } from './top-level.ts';
import type { Native } from './native.ts';

/**
 * All randomness of a call is drawn from the seed in its journal.
 *
 * @returns the global `crypto`; Math.random is replaced in place
 */
export function cryptoGlobal(native: Native, hashesSource: string) {
  const word = (what: string): number => {
    refuseAtTopLevel(what);
    return native.r();
  };

  Math.random = () => {
    const high = word('Math.random()') >>> 5;
    const low = word('Math.random()') >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };

  const getRandomValues = <T extends ArrayBufferView>(array: T): T => {
    if (!ArrayBuffer.isView(array) || array instanceof Float32Array || array instanceof Float64Array)
      throw new TypeError('Expected an array of integers');
    if (array.byteLength > 65_536) throw new RangeError('At most 65536 bytes at once');
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let at = 0; at < bytes.length; at += 4) {
      const random = word('crypto.getRandomValues()');
      for (let byte = 0; byte < 4 && at + byte < bytes.length; byte++) bytes[at + byte] = random >>> (byte * 8);
    }
    return array;
  };

  const randomUUID = (): string => {
    const bytes = getRandomValues(new Uint8Array(16));
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const hex = bytes.toHex();
    return [
      [0, 8],
      [8, 12],
      [12, 16],
      [16, 20],
      [20, 32],
    ]
      .map(([from, to]) => hex.slice(from, to))
      .join('-');
  };

  return { getRandomValues, randomUUID, subtle: createSubtle(hashesSource) };
}
