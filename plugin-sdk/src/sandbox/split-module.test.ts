import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { checkStructure } from './check-module.ts';
import { createSandbox, type ProcessSandbox } from './create-sandbox.ts';
import { decodeImage } from './image-format.ts';
import { splitModule, type SplitModule } from './split-module.ts';
import { loaderOf, runOf, textModule, type TestModule } from './test-modules.ts';

/** Answers with 8 bytes at 64, and leaves the first 8 of its input there. */
const REMEMBERS = `(func (export "ingest") (result i32)
  (call $output_write (i32.const 64) (i32.const 8))
  (call $input_read (i32.const 64))
  (global.set $g (i32.add (global.get $g) (i32.const 1)))
  (if (i32.ne (global.get $g) (i32.const 8)) (then (unreachable)))
  (i32.const 0))
  (global $g (mut i32) (i32.const 7))`;
const remembering = (name: string, memory = '2'): TestModule =>
  textModule(`${REMEMBERS} (data (i32.const 64) "${name}")`, { memory });

function split({ wasm }: TestModule): SplitModule | undefined {
  const checked = checkStructure(wasm);
  if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
  return splitModule(wasm, checked.shape, checked.code);
}

describe('a module is split into its engine and its image', () => {
  it('with one engine for modules that differ in their data and the size of their memory', () => {
    const [a, b, c] = [remembering('plugin-a'), remembering('plugin-b', '3'), textModule(REMEMBERS)].map(split);
    expect(a?.engine).toEqual(b?.engine);
    expect(a?.engine).toEqual(c?.engine);
    expect([a?.pages, b?.pages, c?.pages]).toEqual([2, 3, 1]);
    const memory = decodeImage(Buffer.from(b?.image ?? []), 3 * 65_536);
    expect(Buffer.from(memory.subarray(60, 76)).toString()).toBe('\0\0\0\0plugin-b\0\0\0\0');
  });

  it('with another engine where code, imports or globals differ', () => {
    const key = (body: string, options = {}) => split(textModule(body, options))?.engine.key;
    const keys = [
      key(REMEMBERS),
      key(REMEMBERS, { http: false }),
      key(REMEMBERS.replace('(i32.const 7)', '(i32.const 6)')),
      key(REMEMBERS.replace('(i32.const 8)) (then', '(i32.const 9)) (then')),
    ];
    expect(keys).not.toContain(undefined);
    expect(new Set(keys).size).toBe(4);
  });

  it.each([
    ['has a start function', '(func $s) (start $s)'],
    ['exports _initialize', '(func (export "_initialize"))'],
    ['changes its table', '(table 1 funcref) (func (export "x") (table.set 0 (i32.const 0) (ref.null func)))'],
    ['has a passive segment', '(data $d "x") (func (export "x") (data.drop $d))'],
    [
      'reads a segment again',
      '(data $d (i32.const 0) "x") (func (export "x") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0)))',
    ],
    ['has a segment that ends outside of its memory', '(data (i32.const 65534) "xyz")'],
    ['places a segment by a global', '(global $at i32 (i32.const 3)) (data (global.get $at) "x")'],
  ])('but not when it %s', (_name, body) => {
    const module = textModule(`(func (export "ingest") (result i32) (i32.const 0)) ${body}`, { http: false });
    expect(split(module)).toBeUndefined();
  });
});

const opened: ProcessSandbox[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});
function open(modules: readonly TestModule[]): ProcessSandbox {
  const sandbox = createSandbox({ loadModule: loaderOf(...modules), processes: 1 });
  opened.push(sandbox);
  return sandbox;
}

describe('modules that share an engine in one process', () => {
  it('each begin with their own memory and globals, in whatever order they run', async () => {
    const modules = ['plugin-a', 'plugin-b', 'plugin-c'].map((name, index) => remembering(name, index < 2 ? '2' : '3'));
    const sandbox = open(modules);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 40 }), async (order) => {
        const results = await Promise.all(
          order.map((which) => sandbox.run(runOf(modules[which] as TestModule, 'a secret of someone'))),
        );
        expect(results.map((result) => (result.status === 'done' ? result.output : result))).toEqual(
          order.map((which) => `plugin-${'abc'[which]}`),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('are not touched by a neighbour that grows its memory or traps', async () => {
    const grow = (name: string, act: string) =>
      textModule(
        `(func (export "ingest") (result i32)
          (call $input_read (i32.const 64))
          (if (i32.load8_u (i32.const 0)) (then ${act}))
          (call $output_write (i32.const 96) (i32.const 8))
          (i32.const 0))
         (data (i32.const 0) "${name === 'harmless' ? '\\00' : '\\01'}") (data (i32.const 96) "${name}")`,
      );
    for (const act of ['(drop (memory.grow (i32.const 3)))', '(unreachable)']) {
      const [harmless, harmful] = [grow('harmless', act), grow('harmful!', act)];
      expect(split(harmless)?.engine).toEqual(split(harmful)?.engine);
      const sandbox = open([harmless, harmful]);
      for (let round = 0; round < 4; round++) {
        await sandbox.run(runOf(harmful, 'left behind'));
        const result = await sandbox.run(runOf(harmless, '{}'));
        expect(result).toMatchObject({ status: 'done', output: 'harmless', usage: { memoryBytes: 65_536 } });
      }
    }
  });

  it('are right when there are more than a process holds, and their engines come and go', async () => {
    const numbered = Array.from({ length: 150 }, (_, i) =>
      remembering(`plugin${String(i).padStart(2, '0')}`.slice(-8)),
    );
    const other = textModule(
      `${REMEMBERS.replaceAll('(i32.const 64)', '(i32.const 128)')} (data (i32.const 128) "of-other")`,
    );
    const sandbox = open([...numbered, other]);
    const outputOf = async (module: TestModule) => {
      const result = await sandbox.run(runOf(module));
      return result.status === 'done' ? result.output : result;
    };
    for (const step of [1, 7]) {
      expect(await outputOf(other)).toBe('of-other');
      for (let i = 0; i < 150; i++) {
        const index = (i * step) % 150;
        expect(await outputOf(numbered[index] as TestModule)).toBe(`plugin${String(index).padStart(2, '0')}`.slice(-8));
      }
    }
  });
});

it('a split module that V8 does not take is refused, and so is its sister', async () => {
  const bad = ['first', 'other'].map((name) => {
    const { wasm } = textModule(`(func (export "ingest") (result i32) (i32.const 0)) (data (i32.const 0) "${name}")`);
    // i32.const 0 becomes i64.const 0: of another type than the function gives, which only V8 looks at.
    const at = Buffer.from(wasm).lastIndexOf(Buffer.from([0x41, 0x00, 0x0b, 0x0b]));
    const broken = Uint8Array.from(wasm);
    broken[at] = 0x42;
    return broken;
  });
  const modules = bad.map((wasm) => ({ wasm, sha256: createHash('sha256').update(wasm).digest('hex') }));
  const sandbox = open(modules);
  for (const module of modules)
    expect(await sandbox.run(runOf(module))).toMatchObject({ status: 'failed', code: 'MODULE_INVALID' });
});
