import {
  concatenate,
  constantExpression,
  customSection,
  memorySection,
  readExports,
  readSections,
  sectionIds,
  u32,
  writeExports,
  writeSections,
  type WasmSection,
} from '../engine/wasm-sections.ts';

const PAGE_BYTES = 65_536;
/** Shorter runs of zeros are cheaper to store than another segment's header. */
const GAP_BYTES = 16;

/**
 * The engine with a memory image in place of its own data: code, types and tables stay byte for byte, so that all
 * plugins of one variant share them.
 *
 * @param engine a variant of the engine
 * @param image the memory after the plugin's top level, and the stack pointer that belongs to it
 * @param exports names of the functions that stay visible
 * @param custom content of the custom section, by its name
 */
export function snapshotModule(
  engine: Uint8Array,
  image: { memory: Uint8Array; stackPointer: number },
  exports: readonly string[],
  custom: { name: string; content: Uint8Array },
): Uint8Array {
  const visible = new Set(['memory', '__stack_pointer', ...exports]);
  const segments = findSegments(image.memory);
  const replace = (section: WasmSection): WasmSection[] => {
    const keepWith = (body: Uint8Array) => [{ id: section.id, body }];
    switch (section.id) {
      case sectionIds.custom:
        return [];
      case sectionIds.memory:
        return keepWith(memorySection(1, image.memory.length / PAGE_BYTES));
      case sectionIds.global:
        return keepWith(stackPointerSection(image.stackPointer));
      case sectionIds.export:
        return keepWith(writeExports(readExports(section.body).filter(({ name }) => visible.has(name))));
      case sectionIds.dataCount:
        return keepWith(Uint8Array.from(u32(segments.length)));
      case sectionIds.data:
        return keepWith(dataSection(image.memory, segments));
      default:
        return [section];
    }
  };
  return writeSections([...readSections(engine).flatMap(replace), customSection(custom.name, custom.content)]);
}

/** One mutable i32: the engine has no other global, which the engine's own test holds. */
function stackPointerSection(stackPointer: number): Uint8Array {
  return Uint8Array.from([1, 0x7f, 1, ...constantExpression(stackPointer)]);
}

function findSegments(memory: Uint8Array): [from: number, to: number][] {
  const segments: [number, number][] = [];
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
  let at = 0;
  for (;;) {
    while (at < memory.length && memory[at] === 0) {
      if (at % 4 === 0 && words[at / 4] === 0) at += 4;
      else at++;
    }
    if (at >= memory.length) return segments;
    const from = at;
    let lastUsed = at;
    for (; at < memory.length && at - lastUsed <= GAP_BYTES; at++) if (memory[at] !== 0) lastUsed = at;
    segments.push([from, lastUsed + 1]);
  }
}

function dataSection(memory: Uint8Array, segments: readonly [number, number][]): Uint8Array {
  return concatenate([
    u32(segments.length),
    ...segments.flatMap(([from, to]) => [
      [0, ...constantExpression(from), ...u32(to - from)],
      memory.subarray(from, to),
    ]),
  ]);
}
