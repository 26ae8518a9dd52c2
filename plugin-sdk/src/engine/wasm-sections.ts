import { sandboxLimits } from '../contract/limits.ts';

/**
 * Reading and writing a WebAssembly binary by sections (WebAssembly core specification 2.0, chapter 5). Only what the
 * compiler changes is understood; everything else passes through byte for byte.
 */
export interface WasmSection {
  id: number;
  body: Uint8Array;
}

export const sectionIds = {
  custom: 0,
  import: 2,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

const HEADER = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const textDecoder = new TextDecoder('utf-8', { fatal: true });
const textEncoder = new TextEncoder();

/** Reads LEB128 numbers, names and byte runs one after another. */
export class WasmReader {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new RangeError('The module ends too early');
    return byte;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError('A number of the module is too long');
  }

  run(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new RangeError('The module ends too early');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  name(): string {
    return textDecoder.decode(this.run(this.u32()));
  }
}

export function readSections(module: Uint8Array): WasmSection[] {
  if (!HEADER.every((byte, index) => module[index] === byte)) throw new TypeError('Not a WebAssembly module');
  const reader = new WasmReader(module);
  reader.at = HEADER.length;
  const sections: WasmSection[] = [];
  while (!reader.done) sections.push({ id: reader.byte(), body: reader.run(reader.u32()) });
  return sections;
}

export function writeSections(sections: readonly WasmSection[]): Uint8Array {
  return concatenate([HEADER, ...sections.flatMap(({ id, body }) => [[id, ...u32(body.length)], body])]);
}

/** A number as unsigned LEB128. */
export function u32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

/** `i32.const value; end`: the constant expression of a global or of a data segment's offset. */
export function constantExpression(value: number): number[] {
  const bytes = [0x41];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
      bytes.push(low, 0x0b);
      return bytes;
    }
    bytes.push(low | 0x80);
  }
}

export function name(text: string): number[] {
  const bytes = textEncoder.encode(text);
  return [...u32(bytes.length), ...bytes];
}

export function customSection(title: string, content: Uint8Array): WasmSection {
  return { id: sectionIds.custom, body: concatenate([name(title), content]) };
}

export function concatenate(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

const PAGE_BYTES = 65_536;

/** One memory of `pages` pages that cannot grow beyond the limit of a run. */
export function memorySection(count: number, pages: number): Uint8Array {
  if (count !== 1) throw new TypeError(`Expected one memory, found ${count}`);
  return Uint8Array.from([1, 1, ...u32(pages), ...u32(sandboxLimits.memoryBytes / PAGE_BYTES)]);
}

export interface WasmExport {
  name: string;
  /** 0 function, 1 table, 2 memory, 3 global. */
  kind: number;
  index: number;
}

export function readExports(body: Uint8Array): WasmExport[] {
  const reader = new WasmReader(body);
  return Array.from({ length: reader.u32() }, () => ({
    name: reader.name(),
    kind: reader.byte(),
    index: reader.u32(),
  }));
}

export function writeExports(exports: readonly WasmExport[]): Uint8Array {
  return concatenate([
    u32(exports.length),
    ...exports.map((entry) => [...name(entry.name), entry.kind, ...u32(entry.index)]),
  ]);
}

/** The import section with its modules renamed; descriptions pass through. */
export function renameImportModules(body: Uint8Array, rename: (module: string, field: string) => string): Uint8Array {
  const reader = new WasmReader(body);
  const count = reader.u32();
  const parts: (Uint8Array | number[])[] = [u32(count)];
  for (let index = 0; index < count; index++) {
    const module = reader.name();
    const field = reader.name();
    const start = reader.at;
    skipImportDescription(reader);
    parts.push(name(rename(module, field)), name(field), reader.bytes.subarray(start, reader.at));
  }
  return concatenate(parts);
}

function skipImportDescription(reader: WasmReader): void {
  const kind = reader.byte();
  if (kind === 0) reader.u32();
  else if (kind === 1) {
    reader.byte();
    skipLimits(reader);
  } else if (kind === 2) skipLimits(reader);
  else if (kind === 3) reader.run(2);
  else throw new TypeError(`Unknown kind of import: ${kind}`);
}

function skipLimits(reader: WasmReader): void {
  const flags = reader.byte();
  reader.u32();
  if ((flags & 1) !== 0) reader.u32();
}
