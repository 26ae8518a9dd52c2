import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pathViolation } from './archive-rules.ts';
import { BLOCK_BYTES, encodeTarHeader, paddingAfter } from './tar-header.ts';

const compress = promisify(gzip);
const GZIP_OS_BYTE = 9;
const OS_UNKNOWN = 255;

/**
 * A gzipped tar of these files: sorted by path, owned by nobody, dated 1970, compressed at a fixed level. The same
 * files give the same bytes with the same zlib; another build of zlib may compress the same tar differently, which is
 * why packages are also compared by content (`contentDigest`).
 *
 * @param files content by path
 */
export async function writeArchive(files: ReadonlyMap<string, Uint8Array>): Promise<Buffer> {
  const blocks: Uint8Array[] = [];
  for (const [path, content] of sorted(files)) {
    const problem = pathViolation(path);
    if (problem !== undefined) throw new Error(`${path} cannot be packed: ${problem.message}`);
    blocks.push(encodeTarHeader(path, content.length), content, Buffer.alloc(paddingAfter(content.length)));
  }
  blocks.push(Buffer.alloc(2 * BLOCK_BYTES));
  const packed = await compress(Buffer.concat(blocks), { level: 9 });
  packed[GZIP_OS_BYTE] = OS_UNKNOWN;
  return packed;
}

/** Entries by path in the order of code units, which no locale changes. */
export function sorted<T>(files: ReadonlyMap<string, T>): [string, T][] {
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1));
}
