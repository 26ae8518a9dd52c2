/**
 * What a memory begins with, on its way to a child: `u32 offset | u32 length | bytes` for each segment, little-endian.
 * Everything between is zero.
 */
const HEADER_BYTES = 8;

export function encodeImage(segments: readonly { offset: number; bytes: Uint8Array }[]): Uint8Array {
  const total = segments.reduce((sum, { bytes }) => sum + HEADER_BYTES + bytes.length, 0);
  const image = Buffer.allocUnsafe(total);
  let at = 0;
  for (const { offset, bytes } of segments) {
    at = image.writeUInt32LE(offset, at);
    at = image.writeUInt32LE(bytes.length, at);
    image.set(bytes, at);
    at += bytes.length;
  }
  return image;
}

/** The memory itself. Throws where a segment lies outside of it. */
export function decodeImage(image: Buffer, memoryBytes: number): Uint8Array {
  const memory = new Uint8Array(memoryBytes);
  for (let at = 0; at < image.length;) {
    const offset = image.readUInt32LE(at);
    const length = image.readUInt32LE(at + 4);
    const start = at + HEADER_BYTES;
    memory.set(image.subarray(start, start + length), offset);
    at = start + length;
  }
  return memory;
}
