import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/**
 * Reads a body with a bound on what comes in and on what comes out of decompression.
 *
 * @returns the bytes, or null when the bound was passed (the rest is not read)
 */
export async function decodeBody(
  stream: Readable,
  encoding: string | string[] | undefined,
  maxBytes: number,
): Promise<Buffer | null> {
  const decoder = decoderFor(typeof encoding === 'string' ? encoding.trim().toLowerCase() : '');
  const source = decoder === null ? stream : stream.pipe(decoder);
  if (decoder !== null) stream.on('error', (error) => decoder.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      stream.destroy();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decoderFor(encoding: string) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return null;
  }
}
