import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { packageLimits } from '../contract/limits.ts';
import { PathCollisions, pathViolation, type ArchiveRule, type ArchiveViolation } from './archive-rules.ts';
import { BLOCK_BYTES, decodeTarHeader, paddingAfter, printable } from './tar-header.ts';

export type ArchiveResult = { ok: true; files: Map<string, Buffer> } | { ok: false; violation: ArchiveViolation };

/**
 * Unpacks a gzipped tar into memory, under the rules and limits of packages. Nothing is written to disk, and reading
 * stops at the first violation, however much is left.
 *
 * @returns content by path, folders left out
 */
export async function readArchive(bytes: Uint8Array): Promise<ArchiveResult> {
  try {
    return { ok: true, files: await unpack(bytes) };
  } catch (error) {
    if (error instanceof Violation) return { ok: false, violation: error.violation };
    throw error;
  }
}

class Violation extends Error {
  readonly violation: ArchiveViolation;

  constructor(rule: ArchiveRule, entry: string, message: string) {
    super(message);
    this.violation = { rule, entry, message };
  }
}

async function unpack(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  if (bytes.length > packageLimits.packedBytes)
    throw new Violation('packed-size', '', `the package is larger than ${packageLimits.packedBytes} bytes`);
  const gunzip = createGunzip();
  const reader = new TarReader();
  const unpackedMax = Math.min(
    packageLimits.unpackedBytes,
    Math.max(packageLimits.compressionRatioFromBytes, bytes.length * packageLimits.compressionRatio),
  );
  let unpacked = 0;
  const source = Readable.from(slices(bytes));
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      unpacked += chunk.length;
      if (unpacked > unpackedMax) throw tooMuch(unpackedMax);
      reader.push(chunk);
    }
  } catch (error) {
    if (error instanceof Violation || !isZlibError(error)) throw error;
    throw new Violation('gzip', '', 'the package is not a complete gzip file');
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  // zlib stops silently at bytes that follow the stream; nobody would ever look at them.
  if (gunzip.bytesWritten !== bytes.length) throw new Violation('trailing-data', '', 'bytes follow the gzip stream');
  return reader.end();
}

function tooMuch(unpackedMax: number): Violation {
  return unpackedMax === packageLimits.unpackedBytes
    ? new Violation('unpacked-size', '', `it unpacks to more than ${unpackedMax} bytes`)
    : new Violation(
        'compression-ratio',
        '',
        `it unpacks to more than ${packageLimits.compressionRatio} times its size`,
      );
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

interface OpenFile {
  path: string;
  content: Buffer;
  filled: number;
  padding: number;
}

/**
 * Reads a tar piece by piece:
 *
 *   header -> content   a file with content
 *   header -> header    a folder, or a file without content
 *   content -> header   its last block was read
 *   header -> end       two blocks of zeros; after them only zeros may follow
 */
class TarReader {
  readonly #files = new Map<string, Buffer>();
  readonly #collisions = new PathCollisions();
  readonly #headerBlock = Buffer.alloc(BLOCK_BYTES);
  #headerFilled = 0;
  #open: OpenFile | undefined;
  #entries = 0;
  #zeroBlocks = 0;

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;)
      at += this.#open === undefined ? this.#takeHeader(chunk, at) : this.#takeContent(this.#open, chunk, at);
  }

  end(): Map<string, Buffer> {
    if (this.#open !== undefined || this.#zeroBlocks < 2 || this.#headerFilled > 0)
      throw new Violation('truncated', this.#open?.path ?? '', 'the archive ends before its end mark');
    return this.#files;
  }

  #takeHeader(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.#headerBlock, this.#headerFilled, at);
    this.#headerFilled += taken;
    if (this.#headerFilled === BLOCK_BYTES) {
      this.#headerFilled = 0;
      this.#readHeader(this.#headerBlock);
    }
    return taken;
  }

  #takeContent(open: OpenFile, chunk: Buffer, at: number): number {
    const copied = chunk.copy(open.content, open.filled, at);
    open.filled += copied;
    const skipped = Math.min(open.padding, chunk.length - at - copied);
    open.padding -= skipped;
    if (open.filled === open.content.length && open.padding === 0) {
      this.#files.set(open.path, open.content);
      this.#open = undefined;
    }
    return copied + skipped;
  }

  #readHeader(block: Buffer): void {
    if (block.every((byte) => byte === 0)) {
      this.#zeroBlocks++;
      return;
    }
    if (this.#zeroBlocks > 0) throw new Violation('trailing-data', '', 'bytes follow the end mark');
    const decoded = decodeTarHeader(block);
    if (!decoded.ok) throw new Violation(decoded.rule, decoded.path, decoded.message);
    const { kind, bytes } = decoded.header;
    const path = kind === 'folder' ? decoded.header.path.replace(/\/$/, '') : decoded.header.path;
    this.#entries++;
    if (this.#entries > packageLimits.entries)
      throw new Violation('entry-count', printable(path), `there are more than ${packageLimits.entries} entries`);
    const problem = pathViolation(path);
    if (problem !== undefined) throw new Violation(problem.rule, printable(path), problem.message);
    const collision = this.#collisions.add(path, kind);
    if (collision !== undefined) throw new Violation('duplicate-path', path, collision);
    if (bytes > packageLimits.unpackedBytes)
      throw new Violation('unpacked-size', path, `it is larger than ${packageLimits.unpackedBytes} bytes`);
    if (kind === 'folder') return;
    if (bytes === 0) this.#files.set(path, Buffer.alloc(0));
    else this.#open = { path, content: Buffer.alloc(bytes), filled: 0, padding: paddingAfter(bytes) };
  }
}
