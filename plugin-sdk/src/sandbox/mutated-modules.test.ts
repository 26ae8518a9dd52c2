import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compiled } from '../compile/testing/compile-text.ts';
import { EXTISM_MODULE, WASI_MODULE, capabilityModule } from '../contract/abi.ts';
import { capabilities, type Capability } from '../contract/permissions.ts';
import { checkModule, checkStructure } from './check-module.ts';
import { createSandbox, type ProcessSandbox } from './create-sandbox.ts';
import { importedCapabilities } from './known-imports.ts';
import { echo, runOf, textModule } from './test-modules.ts';

/** One change of a module's bytes. Places are parts of the whole, so that they fit every module. */
type Change =
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'put'; at: number; byte: number }
  | { kind: 'insert'; at: number; bytes: Uint8Array }
  | { kind: 'remove'; at: number; count: number }
  | { kind: 'repeat'; at: number; count: number }
  | { kind: 'truncate'; at: number }
  | { kind: 'move-section'; from: number; to: number }
  | { kind: 'copy-section'; from: number; to: number }
  | { kind: 'drop-section'; from: number };

/** Mostly near the beginning, where types, imports and tables are: the rest of a large module is code and data. */
const place = fc.oneof(
  { weight: 3, arbitrary: fc.nat(1500).map((at) => -1 - at) },
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const section = fc.nat(20);
/** Bytes that mean something: section ids, kinds, opcodes of calls, ends, and the lengths that LEB128 stretches. */
const byte = fc.oneof(
  fc.nat(255),
  fc.constantFrom(0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x0b, 0x10, 0x11, 0x60, 0x70, 0xfc, 0xfd),
);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('put' as const), at: place, byte }),
  fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }) }),
  fc.record({ kind: fc.constant('remove' as const), at: place, count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at: place, count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('truncate' as const), at: place }),
  fc.record({ kind: fc.constant('move-section' as const), from: section, to: section }),
  fc.record({ kind: fc.constant('copy-section' as const), from: section, to: section }),
  fc.record({ kind: fc.constant('drop-section' as const), from: section }),
);
const changes = fc.array(change, { minLength: 1, maxLength: 4 });

function mutated(bytes: Uint8Array, all: readonly Change[]): Uint8Array {
  return all.reduce(apply, bytes);
}

function apply(bytes: Uint8Array, one: Change): Uint8Array {
  const all = Buffer.from(bytes);
  const index = (at: number): number => Math.min(all.length, at < 0 ? -1 - at : Math.floor(at * all.length));
  switch (one.kind) {
    case 'flip':
    case 'put': {
      const at = index(one.at);
      const before = all[at];
      if (before !== undefined) all[at] = one.kind === 'put' ? one.byte : before ^ (1 << one.bit);
      return all;
    }
    case 'insert':
      return Buffer.concat([all.subarray(0, index(one.at)), one.bytes, all.subarray(index(one.at))]);
    case 'remove':
      return Buffer.concat([all.subarray(0, index(one.at)), all.subarray(index(one.at) + one.count)]);
    case 'repeat':
      return Buffer.concat([all.subarray(0, index(one.at) + one.count), all.subarray(index(one.at))]);
    case 'truncate':
      return all.subarray(0, index(one.at));
    case 'move-section':
    case 'copy-section':
    case 'drop-section': {
      const parts = sectionsOf(all);
      const from = one.from % Math.max(1, parts.length);
      const taken = parts[from] ?? Buffer.alloc(0);
      const rest = one.kind === 'copy-section' ? parts : parts.filter((_, i) => i !== from);
      if (one.kind !== 'drop-section') rest.splice(one.to % (rest.length + 1), 0, taken);
      return Buffer.concat([all.subarray(0, 8), ...rest]);
    }
  }
}

/** As far as they can be told apart; what follows is one more. */
function sectionsOf(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length;) {
    let size = 0;
    let next = at + 1;
    for (let shift = 0; shift < 35; shift += 7) {
      const read = bytes[next++] ?? 0;
      size += (read & 0x7f) * 2 ** shift;
      if (read < 0x80) break;
    }
    const end = Math.min(bytes.length, next + size);
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}

/** What V8 says that a module imports, or undefined when it does not take it. */
function importsByV8(bytes: Uint8Array): { module: string; name: string; kind: string }[] | undefined {
  try {
    return WebAssembly.Module.imports(new WebAssembly.Module(Uint8Array.from(bytes)));
  } catch {
    return undefined;
  }
}

function capabilityOf({ module, name }: { module: string; name: string }): Capability | undefined {
  if (module === EXTISM_MODULE)
    return name === 'http_request' ? 'http' : /^var_[gs]et$/.test(name) ? 'store' : undefined;
  return capabilities.find((capability) => capabilityModule(capability) === module);
}

const known = ['patchbay:io', EXTISM_MODULE, WASI_MODULE, ...capabilities.map((one) => capabilityModule(one))];

/** Whatever is taken can ask for nothing that our reader does not see, and for nothing that was not granted. */
function holds(bytes: Uint8Array): void {
  const structure = checkStructure(bytes);
  const findings = checkModule(bytes, { permissions: { store: { bytes: 1 } }, provides: [] });
  if (!structure.ok) {
    expect(structure.findings.length).toBeGreaterThan(0);
    expect(findings).toEqual(structure.findings);
    return;
  }
  const seen = importsByV8(bytes);
  if (seen === undefined) return;
  for (const { module, kind } of seen) expect([known.includes(module), kind]).toEqual([true, 'function']);
  const used = new Set(seen.flatMap((one) => capabilityOf(one) ?? []));
  expect(importedCapabilities(structure.shape)).toEqual(capabilities.filter((one) => used.has(one)));
  const ungranted = [...used].filter((one) => one !== 'store');
  expect(findings.filter(({ rule }) => rule === 'module.permissions').length).toBe(ungranted.length);
}

const small = textModule(
  `(func (export "ingest") (result i32) (local i32)
    (drop (call $ask (i32.const 0) (i32.const 2)))
    (call $output_write (i32.const 0) (i32.const 2))
    (i32.const 0))
   (func (export "_initialize") (global.set $g (i32.const 1)))
   (table 2 2 funcref) (elem (i32.const 0) 0 1) (global $g (mut i32) (i32.const 7))
   (data (i32.const 0) "{}")`,
  { ours: true, memory: '1 4' },
);

describe('a module whose bytes were changed', () => {
  it('is read or refused, and imports nothing that the reader does not see', () => {
    holds(small.wasm);
    fc.assert(
      fc.property(changes, (all) => holds(mutated(small.wasm, all))),
      { numRuns: 1500 },
    );
  });

  it('is so as a whole plugin as well', async () => {
    const { wasm } = await compiled(
      `import { defineIntegration, ignored } from '@patchbay/plugin-sdk';
       export default defineIntegration({ ingest: () => ignored('nothing') });`,
    );
    holds(wasm);
    fc.assert(
      fc.property(changes, (all) => holds(mutated(wasm, all))),
      { numRuns: 60 },
    );
  });

  describe('in the sandbox', () => {
    let sandbox: ProcessSandbox;
    const modules = new Map<string, Uint8Array>([[echo.sha256, echo.wasm]]);
    beforeAll(() => {
      const loadModule = (sha256: string) => Promise.resolve(modules.get(sha256) ?? new Uint8Array());
      sandbox = createSandbox({ loadModule, processes: 2 });
    });
    afterAll(() => sandbox.close());

    it('ends in a result, and hurts nobody', async () => {
      let said = 0;
      await fc.assert(
        fc.asyncProperty(changes, async (all) => {
          const wasm = mutated(small.wasm, all);
          const sha256 = createHash('sha256').update(wasm).digest('hex');
          modules.set(sha256, wasm);
          const input = JSON.stringify({ innocent: said++ });
          const limits = { runCpuMs: 50, runWallMs: 600_000 };
          const [result, other] = await Promise.all([
            sandbox.run(runOf({ wasm, sha256 }, '{}', { limits })),
            sandbox.run(runOf(echo, input, { group: 'grp_other', installation: 'ins_other' })),
          ]);
          modules.delete(sha256);
          expect(other).toMatchObject({ status: 'done', output: input });
          if (result.status === 'failed') expect(result.fault).toBe('plugin');
        }),
        { numRuns: 150 },
      );
    });
  });
});
