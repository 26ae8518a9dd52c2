import { ByteReader, Refused } from './byte-reader.ts';

/**
 * Reads the structure of a WebAssembly binary: types, imports, tables, memories, globals, exports, custom sections.
 * Our own and not V8's, so that the rules are the same on every version of Node; a fixed list of proposals is known
 * and everything else is refused. See the binary format in the core specification, section 5
 * (https://webassembly.github.io/spec/core/binary/).
 *
 * Known: sign extension, saturating conversions, multi-value, bulk memory, reference types without externref, mutable
 * globals, extended constant expressions.
 */
export interface ModuleShape {
  types: FunctionType[];
  imports: ModuleImport[];
  /** Type indices of the functions that the module defines. */
  functions: number[];
  tables: Limits[];
  memories: Limits[];
  globals: { valueType: ValueType; mutable: boolean }[];
  exports: { name: string; kind: ExternalKind; index: number }[];
  customs: { name: string; bytes: Uint8Array }[];
  start: number | undefined;
  segments: DataSegment[];
  sections: Section[];
}

export interface DataSegment {
  /** Where in the memory it goes; undefined when that is no plain number, or when it goes nowhere by itself (passive). */
  offset: number | undefined;
  /** Where in the module its bytes are. */
  start: number;
  end: number;
}

export interface Section {
  id: number;
  /** Offset of the section's id byte, of its contents, and of what follows it. */
  start: number;
  contents: number;
  end: number;
}

export interface Limits {
  min: number;
  max: number | undefined;
}

export type ExternalKind = 'function' | 'table' | 'memory' | 'global';
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'funcref';
export interface FunctionType {
  parameters: ValueType[];
  results: ValueType[];
}
export interface ModuleImport {
  module: string;
  name: string;
  kind: ExternalKind;
  /** For functions: an index into `types`. */
  type: number | undefined;
}

export interface ModuleFault {
  rule: string;
  /** The section in which it is, and where that begins. */
  place: string;
  message: string;
}

export type ReadModule = { ok: true; shape: ModuleShape } | { ok: false; fault: ModuleFault };

/** Parses without running anything. Every count is bounded by the bytes that are there. */
export function readModule(bytes: Uint8Array): ReadModule {
  const reader = new ModuleReader(bytes);
  try {
    return { ok: true, shape: reader.read() };
  } catch (error) {
    if (error instanceof Refused)
      return { ok: false, fault: { rule: error.rule, place: reader.place, message: error.message } };
    throw error;
  }
}

export const sectionIds = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

const I32_CONST = 0x41;
const END = 0x0b;

/** The order that the specification demands; custom sections may stand anywhere. */
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

const valueTypes = new Map<number, ValueType>([
  [0x7f, 'i32'],
  [0x7e, 'i64'],
  [0x7d, 'f32'],
  [0x7c, 'f64'],
  [0x70, 'funcref'],
]);

const refusedTypes = new Map<number, string>([
  [0x7b, 'SIMD (v128)'],
  [0x6f, 'reference types with externref'],
  [0x69, 'exceptions (exnref)'],
]);

const externalKinds: ExternalKind[] = ['function', 'table', 'memory', 'global'];

class ModuleReader {
  /** What is being read. */
  place = 'header';
  readonly #bytes: Uint8Array;
  readonly #shape: ModuleShape = {
    types: [],
    imports: [],
    functions: [],
    tables: [],
    memories: [],
    globals: [],
    exports: [],
    customs: [],
    start: undefined,
    segments: [],
    sections: [],
  };

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): ModuleShape {
    const header = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, Math.min(8, this.#bytes.length));
    if (!header.equals(Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])))
      throw new Refused('format', 'This is not a WebAssembly module of version 1.');
    const reader = new ByteReader(this.#bytes, 8);
    let last = -1;
    while (reader.at < reader.end) {
      const start = reader.at;
      const id = reader.byte();
      this.place = `section ${id} at byte ${start}`;
      const size = reader.u32();
      const contents = reader.at;
      reader.skip(size);
      if (id !== sectionIds.custom) {
        const place = ORDER.indexOf(id);
        if (place === -1) throw new Refused('proposal', `Section ${id} at byte ${start} is not known.`);
        if (place <= last) throw new Refused('format', `Section ${id} at byte ${start} is repeated or out of order.`);
        last = place;
      }
      this.#shape.sections.push({ id, start, contents, end: reader.at });
      this.#section(id, new ByteReader(this.#bytes, contents, reader.at));
    }
    return this.#shape;
  }

  #section(id: number, reader: ByteReader): void {
    const shape = this.#shape;
    switch (id) {
      case sectionIds.custom:
        shape.customs.push({ name: reader.name(), bytes: reader.take(reader.end - reader.at) });
        return;
      case sectionIds.type:
        this.#each(reader, () => shape.types.push(this.#functionType(reader)));
        break;
      case sectionIds.import:
        this.#each(reader, () => shape.imports.push(this.#import(reader)));
        break;
      case sectionIds.function:
        this.#each(reader, () => shape.functions.push(reader.u32()));
        break;
      case sectionIds.table:
        this.#each(reader, () => {
          if (reader.byte() !== 0x70)
            throw new Refused('proposal', `A table at byte ${reader.at} holds something else than functions.`);
          shape.tables.push(this.#limits(reader, 'table'));
        });
        break;
      case sectionIds.memory:
        this.#each(reader, () => shape.memories.push(this.#limits(reader, 'memory')));
        break;
      case sectionIds.global:
        this.#each(reader, () => {
          shape.globals.push({ valueType: this.#valueType(reader), mutable: reader.byte() === 1 });
          this.#constant(reader);
        });
        break;
      case sectionIds.export:
        this.#each(reader, () => {
          const name = reader.name();
          shape.exports.push({ name, kind: this.#kind(reader), index: reader.u32() });
        });
        break;
      case sectionIds.start:
        shape.start = reader.u32();
        break;
      case sectionIds.tag:
        throw new Refused('proposal', 'The module uses exceptions (a tag section).');
      case sectionIds.data:
        this.#each(reader, () => this.#dataSegment(reader));
        break;
      case sectionIds.element:
        this.#elementSegments(reader);
        return;
      default:
        return; // code and data count are V8's to validate
    }
    if (reader.at !== reader.end) throw new Refused('format', `Section ${id} has bytes left at ${reader.at}.`);
  }

  #each(reader: ByteReader, read: () => unknown): void {
    const count = reader.u32();
    if (count > reader.end - reader.at)
      throw new Refused('format', `A count at byte ${reader.at} is larger than its section.`);
    for (let i = 0; i < count; i++) read();
  }

  #functionType(reader: ByteReader): FunctionType {
    const form = reader.byte();
    if (form !== 0x60)
      throw new Refused(
        'proposal',
        `Type form 0x${form.toString(16)} at byte ${reader.at - 1} is not known (GC types are refused).`,
      );
    const parameters: ValueType[] = [];
    const results: ValueType[] = [];
    this.#each(reader, () => parameters.push(this.#valueType(reader)));
    this.#each(reader, () => results.push(this.#valueType(reader)));
    return { parameters, results };
  }

  #valueType(reader: ByteReader): ValueType {
    const byte = reader.byte();
    const known = valueTypes.get(byte);
    if (known !== undefined) return known;
    const proposal = refusedTypes.get(byte) ?? 'an unknown proposal (GC types are refused)';
    throw new Refused('proposal', `Value type 0x${byte.toString(16)} at byte ${reader.at - 1} belongs to ${proposal}.`);
  }

  #kind(reader: ByteReader): ExternalKind {
    const byte = reader.byte();
    const kind = externalKinds[byte];
    if (kind === undefined)
      throw new Refused('proposal', `External kind ${byte} at byte ${reader.at - 1} is not known.`);
    return kind;
  }

  #import(reader: ByteReader): ModuleImport {
    const module = reader.name();
    const name = reader.name();
    const kind = this.#kind(reader);
    if (kind !== 'function')
      throw new Refused(
        'imports',
        `The module imports the ${kind} "${module}" "${name}"; only functions can be imported.`,
      );
    return { module, name, kind, type: reader.u32() };
  }

  #limits(reader: ByteReader, of: 'memory' | 'table'): Limits {
    const flags = reader.byte();
    if (flags & 2) throw new Refused('proposal', `The ${of} is shared (threads).`);
    if (flags & 4) throw new Refused('proposal', `The ${of} has 64-bit addresses (memory64).`);
    if (flags > 1) throw new Refused('proposal', `The ${of} has unknown flags 0x${flags.toString(16)}.`);
    const min = reader.u32();
    return { min, max: flags === 1 ? reader.u32() : undefined };
  }

  /** A constant expression; only what the specification calls constant, without GC. */
  #constant(reader: ByteReader): void {
    for (;;) {
      const opcode = reader.byte();
      switch (opcode) {
        case 0x0b:
          return;
        case 0x41:
          reader.skipSigned(35);
          break;
        case 0x42:
          reader.skipSigned(70);
          break;
        case 0x43:
          reader.skip(4);
          break;
        case 0x44:
          reader.skip(8);
          break;
        case 0x23:
        case 0xd2:
          reader.u32();
          break;
        case 0xd0:
          reader.byte();
          break;
        case 0x6a:
        case 0x6b:
        case 0x6c:
        case 0x7c:
        case 0x7d:
        case 0x7e:
          break;
        default:
          throw new Refused('proposal', `Opcode 0x${opcode.toString(16)} at byte ${reader.at - 1} is not constant.`);
      }
    }
  }

  #dataSegment(reader: ByteReader): void {
    const flags = reader.u32();
    if (flags === 2) {
      if (reader.u32() !== 0) throw new Refused('memory', 'A data segment is for a second memory.');
    } else if (flags !== 0 && flags !== 1)
      throw new Refused('format', `A data segment at byte ${reader.at} has flags ${flags}.`);
    const offset = flags === 1 ? undefined : this.#offset(reader);
    const size = reader.u32();
    const start = reader.at;
    reader.skip(size);
    this.#shape.segments.push({ offset, start, end: reader.at });
  }

  /** A constant expression; its value where it is one `i32.const` that is not negative. */
  #offset(reader: ByteReader): number | undefined {
    const start = reader.at;
    this.#constant(reader);
    const expression = new ByteReader(reader.bytes, start, reader.at);
    if (expression.byte() !== I32_CONST) return undefined;
    const value = expression.i32();
    return expression.byte() === END && value >= 0 ? value : undefined;
  }

  #elementSegments(reader: ByteReader): void {
    const count = reader.u32();
    for (let i = 0; i < count; i++) {
      const flags = reader.u32();
      if (flags > 7) throw new Refused('format', `An element segment at byte ${reader.at} has flags ${flags}.`);
      if (flags & 2 && !(flags & 1)) reader.u32();
      if (!(flags & 1)) this.#constant(reader);
      if (flags & 3) reader.byte();
      const items = reader.u32();
      for (let item = 0; item < items; item++)
        if (flags & 4) this.#constant(reader);
        else reader.u32();
    }
  }
}
