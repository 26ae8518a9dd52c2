import { createHash } from 'node:crypto';
import asc from 'assemblyscript/asc';
import type { TestModule } from '../test-modules.ts';

/** Modules of other compilers, built when a test asks for them: none lies in the repository. */
export async function compileAssemblyScript(source: string): Promise<TestModule> {
  const report: string[] = [];
  let wasm: Uint8Array | undefined;
  const { error } = await asc.main(
    [
      'plugin.ts',
      '--outFile',
      'plugin.wasm',
      '-O2',
      '--runtime',
      'stub',
      '--use',
      'abort=',
      '--exportStart',
      '_initialize',
    ],
    {
      readFile: (name) => (name === 'plugin.ts' ? source : null),
      writeFile: (_name, contents) => void (wasm = contents as Uint8Array),
      listFiles: () => [],
      stderr: { write: (text: string | Uint8Array) => void report.push(String(text)) },
    },
  );
  if (error !== null || wasm === undefined) throw new Error(`AssemblyScript: ${report.join('')}`, { cause: error });
  return module(wasm);
}

const SYSROOT = '/usr/lib/wasm32-wasip1';

/** C with the libc of WASI, as a module with `_initialize`. The driver cannot start a linker, so it is called here. */
export async function compileC(source: string): Promise<TestModule> {
  const { runLLVM } = await import('@yowasp/clang');
  const report: string[] = [];
  const options = {
    fetchProgress: () => undefined,
    stderr: (bytes: Uint8Array | null) => void report.push(Buffer.from(bytes ?? []).toString()),
  };
  const run = async (parameters: string[], files: Record<string, string | Uint8Array>, made: string) => {
    try {
      const tree = await runLLVM(parameters, files, options);
      const file = tree?.[made];
      if (file instanceof Uint8Array) return file;
    } catch (cause) {
      throw new Error(`C: ${report.join('')}`, { cause });
    }
    throw new Error(`C: ${made} was not made`);
  };
  const target = ['--target=wasm32-wasip1', '-O1'];
  const object = await run(
    ['clang', ...target, '-c', '-o', 'plugin.o', 'plugin.c'],
    { 'plugin.c': source },
    'plugin.o',
  );
  const libraries = [`-L${SYSROOT}`, '-lc', '/usr/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a'];
  return module(
    await run(
      ['wasm-ld', `${SYSROOT}/crt1-reactor.o`, '--entry', '_initialize', 'plugin.o', ...libraries, '-o', 'plugin.wasm'],
      { 'plugin.o': object },
      'plugin.wasm',
    ),
  );
}

function module(wasm: Uint8Array): TestModule {
  return { wasm, sha256: createHash('sha256').update(wasm).digest('hex') };
}
