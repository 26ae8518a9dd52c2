/**
 * The 512-byte header of one entry in the ustar format (POSIX.1-2017, pax, "ustar Interchange Format"). Extensions are
 * neither written nor understood: what a reader does not know it cannot be made to misread.
 */
export const BLOCK_BYTES = 512;

const FILE = '0';
const FOLDER = '5';
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

/** Content is filled up with zeros to whole blocks: how many follow it. */
export function paddingAfter(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

export interface TarEntryHeader {
  path: string;
  kind: 'file' | 'folder';
  bytes: number;
}

/** A header that is always the same for the same path and size. Throws when the path does not fit. */
export function encodeTarHeader(path: string, bytes: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const { name, prefix } = splitPath(path);
  block.write(name, 0, NAME_BYTES, 'latin1');
  writeOctal(block, 0o644, 100, 8);
  writeOctal(block, 0, 108, 8);
  writeOctal(block, 0, 116, 8);
  writeOctal(block, bytes, 124, 12);
  writeOctal(block, 0, 136, 12);
  block.write(FILE, 156, 'latin1');
  block.write('ustar\0', 257, 'latin1');
  block.write('00', 263, 'latin1');
  writeOctal(block, 0, 329, 8);
  writeOctal(block, 0, 337, 8);
  block.write(prefix, 345, PREFIX_BYTES, 'latin1');
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

export type TarHeaderResult =
  { ok: true; header: TarEntryHeader } | { ok: false; rule: 'header' | 'entry-type'; path: string; message: string };

/** Reads a header that is not all zero. */
export function decodeTarHeader(block: Buffer): TarHeaderResult {
  const path = readPath(block);
  const refuse = (rule: 'header' | 'entry-type', message: string): TarHeaderResult => ({
    ok: false,
    rule,
    path: printable(path),
    message,
  });
  if (readOctal(block, 148, 8) !== checksum(block)) return refuse('header', 'its header has a wrong checksum');
  if (block.toString('latin1', 257, 262) !== 'ustar') return refuse('header', 'its header is not of the ustar format');
  const type = String.fromCharCode(block[156] ?? 0);
  const kind = type === FILE || type === '\0' ? 'file' : type === FOLDER ? 'folder' : undefined;
  if (kind === undefined) return refuse('entry-type', `it is ${typeNames[type] ?? `of the type "${printable(type)}"`}`);
  const bytes = readOctal(block, 124, 12);
  if (bytes === undefined) return refuse('header', 'its size cannot be read');
  if (kind === 'folder' && bytes !== 0) return refuse('header', 'it is a folder with content');
  return { ok: true, header: { path, kind, bytes } };
}

const typeNames: Record<string, string> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a named pipe',
  '7': 'a contiguous file',
  g: 'a global pax header',
  x: 'a pax header',
  K: 'a GNU long link',
  L: 'a GNU long name',
  S: 'a sparse file',
};

function splitPath(path: string): { name: string; prefix: string } {
  if (path.length <= NAME_BYTES) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1))
    if (at <= PREFIX_BYTES && path.length - at - 1 <= NAME_BYTES)
      return { name: path.slice(at + 1), prefix: path.slice(0, at) };
  throw new Error(`The path is too long for the archive: ${path}`);
}

function readPath(block: Buffer): string {
  const name = readText(block, 0, NAME_BYTES);
  // GNU tar keeps times where POSIX has the prefix, and says so by another version.
  const posix = block.toString('latin1', 262, 265) === '\x0000';
  const prefix = posix ? readText(block, 345, PREFIX_BYTES) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function readText(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? length : end);
}

function writeOctal(block: Buffer, value: number, start: number, length: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, start, 'latin1');
}

function readOctal(block: Buffer, start: number, length: number): number | undefined {
  const text = block
    .toString('latin1', start, start + length)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

/** The sum of all bytes, with those of the checksum itself counted as spaces. */
function checksum(block: Buffer): number {
  let sum = 0;
  for (let at = 0; at < BLOCK_BYTES; at++) sum += at >= 148 && at < 156 ? 32 : (block[at] ?? 0);
  return sum;
}

/** A path for a message: whatever it holds, it stays on one line. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
