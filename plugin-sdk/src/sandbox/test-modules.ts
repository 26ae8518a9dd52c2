import { createHash } from 'node:crypto';
import binaryen from 'binaryen';
import type { Journal } from '../contract/journal.ts';
import { capabilities } from '../contract/permissions.ts';
import type { RunRequest } from '../contract/run.ts';

/**
 * Small modules for tests of the sandbox, in WebAssembly text: what a hostile or foolish compiler could put out.
 */
const IO_IMPORTS = `
  (import "patchbay:io" "input_length" (func $input_length (result i32)))
  (import "patchbay:io" "input_read" (func $input_read (param i32)))
  (import "patchbay:io" "output_write" (func $output_write (param i32 i32)))
  (import "patchbay:io" "error_write" (func $error_write (param i32 i32)))
  (import "patchbay:io" "batch_length" (func $batch_length (result i32)))
  (import "patchbay:io" "batch_read" (func $batch_read (param i32)))
  (import "patchbay:io" "now" (func $now (result f64)))
  (import "patchbay:io" "seed_read" (func $seed_read (param i32)))
  (import "patchbay:io" "log_write" (func $log_write (param i32 i32 i32)))
`;
const HTTP_IMPORTS = `
  (import "patchbay:http" "ask" (func $ask (param i32 i32) (result i32)))
  (import "patchbay:http" "ask_blocking" (func $ask_blocking (param i32 i32) (result i32)))`;

export interface TestModule {
  wasm: Uint8Array;
  sha256: string;
}

/** A module with all imports, one page of memory and `body` as its other fields. */
export function textModule(body: string, { ours = false, memory = '1', http = true } = {}): TestModule {
  const module = binaryen.parseText(
    `(module ${IO_IMPORTS} ${http ? HTTP_IMPORTS : ''} (memory (export "memory") ${memory}) ${body})`,
  );
  module.setFeatures(binaryen.Features.MutableGlobals | binaryen.Features.BulkMemory | binaryen.Features.SignExt);
  if (ours) module.addCustomSection('patchbay', new TextEncoder().encode('{"abi":1,"hostApi":"*","sdk":"0"}'));
  const wasm = module.emitBinary();
  module.dispose();
  return { wasm, sha256: createHash('sha256').update(wasm).digest('hex') };
}

/** Of binaryen; its types do not name it. */
const COMPACT_IMPORTS = Reflect.get(binaryen.Features, 'CompactImports') as typeof binaryen.Features.GC;

/** A whole module, with every proposal that the assembler knows but for another way of writing the same imports. */
export function anyModule(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All & ~binaryen.Features.GC & ~COMPACT_IMPORTS);
  const wasm = module.emitBinary();
  module.dispose();
  return wasm;
}

/** Copies the input to the output. */
export const echo = textModule(
  `(func (export "ingest") (result i32)
    (call $input_read (i32.const 0))
    (call $output_write (i32.const 0) (call $input_length))
    (i32.const 0))`,
  { ours: true },
);

export const emptyJournal: Journal = { seed: '00'.repeat(32), startedAt: 1_764_000_000_000, asks: [], batches: [] };

export function loaderOf(...modules: TestModule[]): (sha256: string) => Promise<Uint8Array> {
  return (sha256) => {
    const found = modules.find((module) => module.sha256 === sha256);
    return found === undefined ? Promise.reject(new Error(`no module ${sha256}`)) : Promise.resolve(found.wasm);
  };
}

export function runOf(module: TestModule, input = '{}', more: Partial<RunRequest> = {}): RunRequest {
  return {
    module: module.sha256,
    export: 'ingest',
    grants: capabilities,
    input,
    journal: emptyJournal,
    group: 'grp_a',
    installation: 'ins_a',
    ...more,
  };
}
