import { describe, expect, it } from 'vitest';
import { manifestSchema } from '../contract/manifest.ts';
import { checkModule, checkStructure, findingsText } from './check-module.ts';
import { clampModule, MAX_MEMORY_PAGES } from './clamp-module.ts';
import { isRestorable } from './restorable.ts';
import { anyModule as wholeModule, echo, textModule } from './test-modules.ts';

const run = '(func (export "ingest") (result i32) (i32.const 0))';
const memory = '(memory (export "memory") 1)';

const anyModule = (text: string): Uint8Array => wholeModule(`(module ${text})`);
const pure = { permissions: {}, provides: ['ingest' as const] };
const rulesOf = (wasm: Uint8Array): string[] => checkModule(wasm, pure).map(({ rule }) => rule);

describe('the loader', () => {
  it.each([
    ['nothing', '', 'module.memory'],
    ['two memories', `${memory} (memory 1) ${run}`, 'module.memory'],
    ['a memory that is not exported', `(memory 1) ${run}`, 'module.memory'],
    ['a memory that starts too large', `(memory (export "memory") 1025) ${run}`, 'module.memory'],
    ['a shared memory', `(memory (export "memory") 1 2 shared) ${run}`, 'module.proposal'],
    ['a 64-bit memory', `(memory (export "memory") i64 1) ${run}`, 'module.proposal'],
    ['an unknown import', `(import "env" "f" (func)) ${memory} ${run}`, 'module.imports'],
    [
      'WASI with another type',
      `(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32) (result i32))) ${memory} ${run}`,
      'module.imports',
    ],
    ['a newer WASI', `(import "wasi_unstable" "sched_yield" (func (result i32))) ${memory} ${run}`, 'module.imports'],
    ['a host function of Extism users', `(import "extism:host/user" "f" (func)) ${memory} ${run}`, 'module.imports'],
    [
      'a start function beside http_request',
      `(import "extism:host/env" "http_request" (func (param i64 i64) (result i64))) ${memory} ${run} (func $s) (start $s)`,
      'module.start',
    ],
    [
      'an _initialize with a result',
      `${memory} ${run} (func (export "_initialize") (result i32) (i32.const 0))`,
      'module.start',
    ],
    ['a _start that is no function', `${memory} ${run} (global (export "_start") i32 (i32.const 0))`, 'module.start'],
    [
      'an import of the wrong type',
      `(import "patchbay:io" "now" (func (result i32))) ${memory} ${run}`,
      'module.imports',
    ],
    ['a name of Object.prototype', `(import "patchbay:io" "constructor" (func)) ${memory} ${run}`, 'module.imports'],
    ['an imported memory', `(import "patchbay:io" "memory" (memory 1)) ${run}`, 'module.imports'],
    ['an imported global', `(import "patchbay:io" "g" (global i32)) ${memory} ${run}`, 'module.imports'],
    [
      'a start function with a capability',
      `(import "patchbay:http" "ask" (func (param i32 i32) (result i32))) ${memory} ${run} (func $s) (start $s)`,
      'module.start',
    ],
    ['a large table', `${memory} (table 100000 funcref) ${run}`, 'module.table'],
    ['an external reference', `${memory} ${run} (func (param externref))`, 'module.proposal'],
    ['SIMD in a type', `${memory} ${run} (func (param v128))`, 'module.proposal'],
    ['SIMD in code', `${memory} ${run} (func (drop (v128.load (i32.const 0))))`, 'module.proposal'],
    ['exceptions', `${memory} ${run} (func $f) (func (try (do (call $f)) (catch_all)))`, 'module.proposal'],
    ['a tag', `(tag $e) ${memory} ${run} (func (throw $e))`, 'module.proposal'],
    ['tail calls', `${memory} (func $f (export "ingest") (result i32) (return_call $f))`, 'module.proposal'],
    ['atomics', `${memory} ${run} (func (drop (i32.atomic.load (i32.const 0))))`, 'module.proposal'],
  ])('refuses %s', (_name, text, rule) => {
    expect(rulesOf(anyModule(text))).toContain(rule);
  });

  it('refuses what is not a module or is too large, and never throws on one cut short', () => {
    expect(rulesOf(new Uint8Array())).toEqual(['module.format']);
    expect(rulesOf(new TextEncoder().encode('#!/bin/sh and some more'))).toEqual(['module.format']);
    for (let length = 9; length < echo.wasm.length; length++) {
      const cut = checkStructure(echo.wasm.subarray(0, length));
      // Cut between two sections it may read well; what is then missing is V8's to see.
      expect(cut.ok).toBeTypeOf('boolean');
    }
    expect(rulesOf(new Uint8Array(8 * 1024 * 1024 + 1))).toEqual(['module.size']);
  });

  it('never takes a changed byte for something that V8 sees otherwise, and never throws', () => {
    for (let at = 8; at < echo.wasm.length; at++)
      for (const flip of [1, 4, 0x80]) {
        const changed = Uint8Array.from(echo.wasm);
        changed[at] = (changed[at] ?? 0) ^ flip;
        const checked = checkStructure(changed);
        if (!checked.ok || !WebAssembly.validate(changed)) continue;
        const seen = WebAssembly.Module.imports(new WebAssembly.Module(changed));
        expect(checked.shape.imports.map(({ module, name }) => ({ module, name, kind: 'function' }))).toEqual(seen);
      }
  });

  it.each([
    ['an import', '(import "env" "f" (func))', 'import 0'],
    ['code', '(memory (export "memory") 1) (func (drop (v128.load (i32.const 0))))', 'byte 5 of the code section'],
    ['a section', '(memory (export "memory") i64 1)', 'section 5 at byte'],
    ['a table', '(memory (export "memory") 1) (table 100000 funcref)', 'table 0'],
  ])('says where %s breaks a rule', (_name, text, place) => {
    const findings = checkModule(anyModule(`${text} ${run}`), pure);
    expect(findings.map((finding) => finding.place)).toContainEqual(expect.stringContaining(place));
  });

  it('takes what Extism and WASI offer, and proves only what reaches outside', () => {
    const foreign = (name: string, type: string): Uint8Array =>
      anyModule(`(import "extism:host/env" "${name}" (func ${type})) ${memory} ${run}`);
    expect(rulesOf(foreign('alloc', '(param i64) (result i64)'))).toEqual([]);
    expect(rulesOf(foreign('http_status_code', '(result i32)'))).toEqual([]);
    for (const [name, type, permission] of [
      ['http_request', '(param i64 i64) (result i64)', 'permissions.http'],
      ['var_get', '(param i64) (result i64)', 'permissions.store'],
      ['var_set', '(param i64 i64)', 'permissions.store'],
    ] as const)
      expect(checkModule(foreign(name, type), pure)).toMatchObject([
        { rule: 'module.permissions', place: 'import 0', remedy: expect.stringContaining(permission) as string },
      ]);
    const wasi = '(import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))';
    expect(rulesOf(anyModule(`${wasi} ${memory} ${run} (func (export "_initialize"))`))).toEqual([]);
  });

  it('refuses with all findings at once, each with rule, place and remedy', () => {
    const findings = checkModule(anyModule(`(import "env" "f" (func)) (import "env" "g" (func)) ${run}`), pure);
    expect(findings).toHaveLength(3);
    const text = findingsText(findings);
    for (const { rule, place, message, remedy } of findings)
      expect(text).toContain(`${rule} (${place}): ${message} ${remedy}`);
  });

  it('gives a remedy with every finding', () => {
    for (const finding of checkModule(anyModule(`(import "env" "f" (func)) ${run}`), pure)) {
      expect(finding.message.length).toBeGreaterThan(10);
      expect(finding.remedy.length).toBeGreaterThan(10);
    }
  });
});

describe('permissions', () => {
  const asking = textModule(run).wasm;
  const http = manifestSchema.shape.permissions.parse({ http: [{ host: 'api.example.com', methods: ['GET'] }] });

  it('are proved by the imports', () => {
    expect(rulesOf(asking)).toEqual(['module.permissions']);
    expect(checkModule(asking, { permissions: http, provides: ['ingest'] })).toEqual([]);
    expect(rulesOf(textModule(run, { http: false }).wasm)).toEqual([]);
  });

  it('of exports: each that the manifest provides must be there', () => {
    const findings = checkModule(asking, { permissions: http, provides: ['ingest', 'deliver'] });
    expect(findings.map(({ rule }) => rule)).toEqual(['module.exports']);
  });
});

describe('clamping', () => {
  it.each(['1', '1 65536', '1 2'])('writes a maximum into a memory of %s', (limits) => {
    const { wasm } = textModule(run, { memory: limits });
    const checked = checkStructure(wasm);
    if (!checked.ok) throw new Error('refused');
    const clamped = clampModule(wasm, checked.shape);
    const again = checkStructure(clamped);
    const max = limits === '1 2' ? 2 : MAX_MEMORY_PAGES;
    expect(again.ok && again.shape.memories).toEqual([{ min: 1, max }]);
    expect(WebAssembly.validate(new Uint8Array(clamped))).toBe(true);
    const exported = new WebAssembly.Module(new Uint8Array(clamped));
    expect(WebAssembly.Module.exports(exported).map(({ name }) => name)).toContain('ingest');
  });

  it('clamps a table that could grow', () => {
    const wasm = anyModule(
      `${memory} (table 4 funcref) ${run} (func (drop (table.grow 0 (ref.null func) (i32.const 1))))`,
    );
    const checked = checkStructure(wasm);
    if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
    const again = checkStructure(clampModule(wasm, checked.shape));
    expect(again.ok && again.shape.tables).toEqual([{ min: 4, max: 16_384 }]);
  });
});

describe('an instance can be put back exactly', () => {
  const restorable = (text: string): boolean => {
    const checked = checkStructure(anyModule(`${memory} ${run} ${text}`));
    if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
    return isRestorable(checked.code);
  };
  it.each([
    ['nothing else', '', true],
    ['an exported global', '(global (export "g") (mut i32) (i32.const 0))', true],
    ['a constant', '(global i32 (i32.const 0))', true],
    ['a hidden global', '(global $g (mut i32) (i32.const 0)) (func (global.set $g (i32.const 1)))', true],
    ['a table that is read', '(table 1 funcref) (func (call_indirect (i32.const 0)))', true],
    ['a table that is written', '(table 1 funcref) (func (table.set 0 (i32.const 0) (ref.null func)))', false],
    ['a table that is grown', '(table 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 1))))', false],
    ['a segment that is dropped', '(data $d "x") (func (data.drop $d))', false],
    ['bulk memory', '(func (memory.fill (i32.const 0) (i32.const 0) (i32.const 1)))', true],
  ])('with %s', (_name, text, expected) => {
    expect(restorable(text)).toBe(expected);
  });
});
