import { createHash } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSections, sectionIds, WasmReader } from '../engine/wasm-sections.ts';
import { compilePlugin } from './compile-plugin.ts';
import { mapStack } from './map-stack.ts';
import { allPermissions, compiled, compileText, testManifest } from './testing/compile-text.ts';
import { TestPlugin } from './testing/run-in-process.ts';

const trivial = `export default { ingest(input: unknown) { return { echo: input }; } };`;
const imports = (wasm: Uint8Array) =>
  WebAssembly.Module.imports(new WebAssembly.Module(new Uint8Array(wasm))).map(
    ({ module, name }) => `${module} ${name}`,
  );
const section = (wasm: Uint8Array, id: number) =>
  createHash('sha256')
    .update(readSections(wasm).find((found) => found.id === id)?.body ?? '')
    .digest('hex');

describe('a compiled plugin', () => {
  it('imports only what its manifest grants', async () => {
    const pure = await compiled(trivial);
    expect(pure.capabilities).toEqual([]);
    expect(imports(pure.wasm).every((name) => name.startsWith('patchbay:io '))).toBe(true);
    const deliver = `export default { async deliver() { return (await fetch('https://api.example.com/')).status; } };`;
    const stored = await compiled(deliver, { provides: ['deliver'], permissions: { store: { bytes: 10 } } });
    expect(
      imports(stored.wasm)
        .filter((name) => !name.startsWith('patchbay:io '))
        .sort(),
    ).toEqual(['patchbay:store ask', 'patchbay:store ask_blocking']);
    const run = new TestPlugin(stored.wasm).run('deliver', {});
    expect(run.error).toMatchObject({ name: 'PatchbayError', code: 'PERMISSION_DENIED' });
  });

  it('exports what its manifest provides, the memory and the stack pointer', async () => {
    const { wasm } = await compiled(trivial);
    const module = new WebAssembly.Module(new Uint8Array(wasm));
    expect(
      WebAssembly.Module.exports(module)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['__stack_pointer', 'ingest', 'memory']);
    const [about] = WebAssembly.Module.customSections(module, 'patchbay');
    expect(JSON.parse(new TextDecoder().decode(about))).toMatchObject({ abi: 1, hostApi: '^1.0.0' });
  });

  it('shares its code section with every plugin of the same capabilities', async () => {
    const one = await compiled(trivial);
    const other = await compiled(`const big = Array.from({ length: 2000 }, (_, i) => 'x' + i);
      export default { ingest() { return big.length; } };`);
    expect(section(other.wasm, sectionIds.code)).toBe(section(one.wasm, sectionIds.code));
    expect(section(other.wasm, sectionIds.data)).not.toBe(section(one.wasm, sectionIds.data));
  });

  it('has the same bytes wherever its sources lie', async () => {
    const plugin = join(dirname(fileURLToPath(import.meta.url)), 'testing', 'fixtures', 'alerts');
    const copy = await mkdtemp(join(tmpdir(), 'patchbay-elsewhere-and-deeper-'));
    try {
      await cp(plugin, join(copy, 'a', 'b'), { recursive: true });
      const here = await compilePlugin({ entry: join(plugin, 'src/index.ts'), root: plugin, manifest: testManifest() });
      const root = join(copy, 'a', 'b');
      const there = await compilePlugin({ entry: join(root, 'src/index.ts'), root, manifest: testManifest() });
      if (!here.ok || !there.ok) throw new Error('It does not compile');
      expect(there.sha256).toBe(here.sha256);
      expect(there.sourceMap).toBe(here.sourceMap);
      expect(there.modules).toEqual(here.modules);
      expect(here.modules.map(({ path }) => path)).toEqual(['src/index.ts', 'src/payload.schema.ts']);
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });

  it('takes an ordinary input without growing its memory', async () => {
    const plugin = new TestPlugin((await compiled(trivial)).wasm);
    const input = { rows: Array.from({ length: 400 }, (_, i) => ({ id: i, name: `row ${i}` })) };
    const run = plugin.run('ingest', input);
    expect(run.output).toEqual({ echo: input });
    expect(run.memoryGrew).toBe(false);
  });

  it('is put back fast: the heap lies where QuickJS was linked to have its stack', async () => {
    const { wasm } = await compiled(trivial);
    const memory = readSections(wasm).find(({ id }) => id === sectionIds.memory);
    const reader = new WasmReader(memory?.body ?? new Uint8Array());
    const [, , pages] = [reader.u32(), reader.byte(), reader.u32()];
    // Sixteen pages of stack, two of data, then the heap with eight to spare would be more than thirty.
    expect(pages).toBeLessThan(24);
  });

  it('maps stacks of run-time errors to the TypeScript', async () => {
    const { wasm, sourceMap } = await compiled({
      'src/index.ts': `import { explode } from './other.ts';\nexport default {\n  ingest() {\n    return explode('now');\n  },\n};`,
      'src/other.ts': `interface Unused { a: string }\nexport function explode(when: string): never {\n  throw new RangeError(when);\n}`,
    });
    const { error, code } = new TestPlugin(wasm).run('ingest', {});
    expect(code).toBe(1);
    expect(error).toMatchObject({ name: 'RangeError', message: 'now' });
    const frames = mapStack(error?.stack ?? '', sourceMap).split('\n');
    expect(frames[0]).toMatch(/at explode \(src\/other\.ts:3:\d+\)$/);
    expect(frames[1]).toMatch(/at ingest \(src\/index\.ts:4:\d+\)$/);
    expect(frames).toHaveLength(2);
  });

  it('catches its own endless recursion', async () => {
    const { wasm } = await compiled(`const deep = (n: number): number => deep(n + 1) + 1;
      export default { ingest() { try { return deep(0); } catch (error) { return (error as Error).name; } } };`);
    expect(new TestPlugin(wasm).run('ingest', {}).output).toBe('RangeError');
  });

  it('fails when a rejection is caught by nobody', async () => {
    const { wasm } = await compiled(
      `export default { ingest() { void Promise.reject(new TypeError('lost')); return 1; } };`,
    );
    const run = new TestPlugin(wasm).run('ingest', {});
    expect(run.code).toBe(1);
    expect(run.error).toMatchObject({ name: 'TypeError', message: 'lost' });
  });
});

describe('a plugin that does not compile', () => {
  const errorsOf = async (files: Record<string, string> | string, changes = {}) => {
    const outcome = await compileText(typeof files === 'string' ? { 'src/index.ts': files } : files, changes);
    return outcome.ok ? [] : outcome.errors;
  };

  it.each([
    ['Math.random()', 'const id = Math.random();', 'Math.random()'],
    ['Date.now()', 'const at = Date.now();', 'Date.now()'],
    ['new Date()', 'const at = new Date().getTime();', 'The present time'],
    ['fetch', "const page = fetch('https://api.example.com/');", 'Anything that asks the host'],
    ['setTimeout', 'setTimeout(() => {}, 1);', 'setTimeout()'],
    ['a caught use', 'let at = 0;try { at = Date.now(); } catch {}', 'Date.now()'],
  ])('says where %s is used at the top level', async (_, line, what) => {
    const changes = { provides: ['deliver'], permissions: allPermissions } as const;
    const [error] = await errorsOf(`// first\n${line}\nexport default { deliver() {} };`, changes);
    expect(error?.message).toContain(`${what} cannot be used at the top level`);
    expect(error).toMatchObject({ file: 'src/index.ts', line: 2 });
  });

  it('allows dates that are given', async () => {
    expect(await errorsOf(`const day = new Date(0); export default { ingest() { return day.getTime(); } };`)).toEqual(
      [],
    );
  });

  it('says where an error at the top level is thrown', async () => {
    const [error] = await errorsOf({
      'src/index.ts': `import './table.ts';\n${trivial}`,
      'src/table.ts': `type A = string;\nconst table = new Map<string, A>();\ntable.get('x')!.length;`,
    });
    expect(error).toMatchObject({ file: 'src/table.ts', line: 3 });
    expect(error?.message).toContain('TypeError');
  });

  it('says which line imports a module of Node', async () => {
    const [error] = await errorsOf(
      `// one\nimport { readFileSync } from 'node:fs';\nexport default { ingest() { return readFileSync('x'); } };`,
    );
    expect(error?.message).toContain('"node:fs" belongs to Node');
    expect(error).toMatchObject({ file: 'src/index.ts', line: 2, column: 30 });
  });

  it('says where the syntax is wrong', async () => {
    const [error] = await errorsOf('export default {\n  ingest( {\n};');
    expect(error).toMatchObject({ file: 'src/index.ts' });
    expect(error?.line).toBeGreaterThan(1);
  });

  it('says that exports and manifest differ', async () => {
    expect(await errorsOf('export default { deliver() {} };')).toEqual([
      { message: 'plugin.json provides "ingest", but the plugin does not define it' },
      { message: 'The plugin defines "deliver", but plugin.json does not provide it' },
    ]);
  });

  it('ends a top level that never ends', async () => {
    const [error] = await errorsOf(`for (;;) {}\n${trivial}`);
    expect(error?.message).toContain('did not end within');
  });

  it('refuses files outside of its folder', async () => {
    const [error] = await errorsOf(`import limits from '/etc/hostname.json';\n${trivial}`);
    expect(error?.message).toBeTruthy();
  });

  it('refuses zod outside of schema modules', async () => {
    const [error] = await errorsOf(`import { z } from 'zod';\nexport default { ingest() { return z.string(); } };`);
    expect(error?.message).toContain('.schema.ts');
    expect(error).toMatchObject({ file: 'src/index.ts', line: 1 });
  });
});
