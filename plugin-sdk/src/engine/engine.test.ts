import { describe, expect, it } from 'vitest';
import { sandboxLimits } from '../contract/limits.ts';
import { capabilitySets, variantName } from './capability-sets.ts';
import { loadEngine } from './load-engine.ts';
import { readSections, sectionIds, WasmReader } from './wasm-sections.ts';

const io = [
  'batch_length',
  'batch_read',
  'error_write',
  'input_length',
  'input_read',
  'log_write',
  'now',
  'output_write',
  'seed_read',
];
const asks = {
  http: ['ask', 'ask_blocking'],
  store: ['ask', 'ask_blocking'],
  emit: ['ask'],
  schedule: ['ask'],
};

describe.each(capabilitySets().map((granted) => ({ granted, name: variantName(granted) })))(
  'the engine $name',
  ({ granted }) => {
    it('imports what its capabilities need and nothing else', async () => {
      const { module } = await loadEngine(granted);
      const expected = [
        ...io.map((name) => `patchbay:io ${name}`),
        ...granted.flatMap((capability) => asks[capability].map((name) => `patchbay:${capability} ${name}`)),
      ];
      const found = WebAssembly.Module.imports(module);
      expect(found.every(({ kind }) => kind === 'function')).toBe(true);
      expect(found.map((entry) => `${entry.module} ${entry.name}`).sort()).toEqual(expected.sort());
    });

    it('has one global, no start function and a memory that cannot outgrow its limit', async () => {
      const { bytes } = await loadEngine(granted);
      const sections = readSections(bytes);
      const body = (id: number) =>
        new WasmReader(sections.find((section) => section.id === id)?.body ?? new Uint8Array());
      expect(body(sectionIds.global).u32()).toBe(1);
      expect(sections.some(({ id }) => id === sectionIds.start)).toBe(false);
      const memory = body(sectionIds.memory);
      const [count, flags, , most] = [memory.u32(), memory.byte(), memory.u32(), memory.u32()];
      expect([count, flags, most]).toEqual([1, 1, sandboxLimits.memoryBytes / 65_536]);
    });
  },
);
