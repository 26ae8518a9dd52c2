import { sandboxLimits } from '../contract/limits.ts';
import { WASM_PAGE_BYTES } from './engine-memory.ts';
import { exportSection } from './export-globals.ts';
import { leb128 } from './leb128.ts';
import { sectionIds, type Limits, type ModuleShape } from './module-reader.ts';

export const MAX_MEMORY_PAGES = sandboxLimits.memoryBytes / WASM_PAGE_BYTES;
/** A table of functions may hold this many; V8's own limit is ten million. */
export const MAX_TABLE_ENTRIES = 16_384;

/**
 * The same module with the maxima of memory and tables written into it, so that the engine itself refuses to grow them
 * beyond; and with every mutable global exported. The minima must already be within the limits (see `structureFindings`).
 */
export function clampModule(bytes: Uint8Array, shape: ModuleShape): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  for (const { id, start, end } of shape.sections) {
    if (id === sectionIds.memory) parts.push(limitsSection(id, shape.memories, MAX_MEMORY_PAGES, []));
    else if (id === sectionIds.table) parts.push(clampedTables(shape));
    else if (id === sectionIds.export) parts.push(exportSection(bytes, shape));
    else parts.push(bytes.subarray(start, end));
  }
  return Buffer.concat(parts);
}

/** The table section with its maxima clamped. */
export function clampedTables(shape: ModuleShape): Uint8Array {
  return limitsSection(sectionIds.table, shape.tables, MAX_TABLE_ENTRIES, [0x70]);
}

function limitsSection(id: number, entries: Limits[], ceiling: number, prefix: number[]): Uint8Array {
  const contents = [...leb128(entries.length)];
  for (const { min, max } of entries)
    contents.push(...prefix, 1, ...leb128(min), ...leb128(Math.min(max ?? ceiling, ceiling)));
  return Uint8Array.from([id, ...leb128(contents.length), ...contents]);
}
