import { createHash } from 'node:crypto';
import { sorted } from './write-archive.ts';

/** sha256 in hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * sha256 in hex over the digests of all files by path: equal for packages that hold the same, however they were
 * compressed. It tells "packed again" from "changed"; trust rests on the digest of the exact bytes alone.
 */
export function contentDigest(files: ReadonlyMap<string, Uint8Array>): string {
  return sha256(
    sorted(files)
      .map(([path, content]) => `${sha256(content)}  ${path}\n`)
      .join(''),
  );
}
