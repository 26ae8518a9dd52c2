import { createHash } from 'node:crypto';
import { clampedTables, MAX_MEMORY_PAGES } from './clamp-module.ts';
import { leb128 } from './leb128.ts';
import type { CodeFacts } from './code-scan.ts';
import { entriesOf, exportSection } from './export-globals.ts';
import { engineMemory, WASM_PAGE_BYTES } from './engine-memory.ts';
import { encodeImage } from './image-format.ts';
import { isRestorable } from './restorable.ts';
import { sectionIds, type ModuleShape } from './module-reader.ts';

/** A module in two parts: its code, which many plugins have in common, and the memory with which this one begins. */
export interface SplitModule {
  engine: Engine;
  pages: number;
  /** See image-format.ts. */
  image: Uint8Array;
}

export interface Engine {
  /** SHA-256 of the bytes. */
  key: string;
  /** A module that imports its memory and has no data. */
  bytes: Uint8Array;
}

/** They would run when an instance is made. */
const START_EXPORTS = new Set<string>(['_initialize', '_start']);
const MEMORY_KIND = 2;

/**
 * Splits a module whose first state is its data and nothing else: it can be put back, runs nothing at its start, and
 * every segment goes to a plain place in the memory. So are all modules of our compiler, and the code that they share
 * is compiled once. Undefined for any other, which stands alone.
 */
export function splitModule(bytes: Uint8Array, shape: ModuleShape, code: CodeFacts): SplitModule | undefined {
  const pages = shape.memories[0]?.min;
  if (pages === undefined || shape.start !== undefined) return undefined;
  if (!isRestorable(code) || code.namesDataSegments) return undefined;
  if (shape.exports.some(({ name }) => START_EXPORTS.has(name))) return undefined;
  const segments: { offset: number; bytes: Uint8Array }[] = [];
  for (const { offset, start, end } of shape.segments) {
    if (offset === undefined || offset + (end - start) > pages * WASM_PAGE_BYTES) return undefined;
    segments.push({ offset, bytes: bytes.subarray(start, end) });
  }
  const engine = engineOf(bytes, shape);
  const key = createHash('sha256').update(engine).digest('hex');
  return { engine: { key, bytes: engine }, pages, image: encodeImage(segments) };
}

function engineOf(bytes: Uint8Array, shape: ModuleShape): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  const imports = shape.sections.find(({ id }) => id === sectionIds.import);
  if (imports === undefined && !shape.sections.some(({ id }) => id === sectionIds.type))
    parts.push(importSection(shape, new Uint8Array()));
  for (const section of shape.sections) {
    const whole = bytes.subarray(section.start, section.end);
    switch (section.id) {
      case sectionIds.custom:
      case sectionIds.memory:
      case sectionIds.data:
      case sectionIds.dataCount:
        break;
      case sectionIds.import:
        parts.push(importSection(shape, entriesOf(bytes, section)));
        break;
      case sectionIds.type:
        parts.push(whole);
        if (imports === undefined) parts.push(importSection(shape, new Uint8Array()));
        break;
      case sectionIds.export:
        parts.push(exportSection(bytes, shape));
        break;
      case sectionIds.table:
        parts.push(clampedTables(shape));
        break;
      default:
        parts.push(whole);
    }
  }
  return Buffer.concat(parts);
}

/** The imports as they are, and the memory after them: memories are counted apart from functions. */
function importSection(shape: ModuleShape, entries: Uint8Array): Uint8Array {
  const name = (text: string): number[] => [...leb128(text.length), ...Buffer.from(text)];
  const memory = [...name(engineMemory.module), ...name(engineMemory.name), MEMORY_KIND, 1, 0];
  const body = Buffer.concat([
    Uint8Array.from(leb128(shape.imports.length + 1)),
    entries,
    Uint8Array.from([...memory, ...leb128(MAX_MEMORY_PAGES)]),
  ]);
  return Buffer.concat([Uint8Array.from([sectionIds.import, ...leb128(body.length)]), body]);
}
