import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import binaryen from 'binaryen';
import asc from 'assemblyscript/asc';
import { capabilityModule, IO_MODULE } from '../contract/abi.ts';
import { sandboxLimits } from '../contract/limits.ts';
import { capabilities, type Capability } from '../contract/permissions.ts';
import { capabilitySets, variantName } from './capability-sets.ts';
import {
  memorySection,
  readSections,
  renameImportModules,
  sectionIds,
  WasmReader,
  writeSections,
} from './wasm-sections.ts';

/**
 * Makes the engine, once per build of the SDK: QuickJS and the glue become one module, and from it one variant for
 * each set of capabilities, in which the functions of a capability that is not granted are no imports any more.
 */
const FEATURES = [
  'bulk-memory',
  'bulk-memory-opt',
  'sign-ext',
  'mutable-globals',
  'nontrapping-float-to-int',
  'reference-types',
  'multivalue',
  'extended-const',
];

const require = createRequire(import.meta.url);
const run = promisify(execFile);

/** Values of the contract that decide what the engine is, for telling whether it is up to date. */
export const engineIngredients = { capabilities, memoryBytes: sandboxLimits.memoryBytes };

/**
 * @param glueFolder folder of glue.ts
 * @param outFolder receives `<variant>.wasm` for each set of capabilities
 * @param say receives lines that tell how far it is
 */
export async function buildEngine(glueFolder: string, outFolder: string, say: (line: string) => void): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'patchbay-engine-'));
  try {
    say('engine: compiling the glue');
    await compileGlue(glueFolder, join(work, 'glue-raw.wasm'));
    await rewriteImports(join(work, 'glue-raw.wasm'), join(work, 'glue.wasm'), (module, field) =>
      field === 'memory' ? 'qjs' : module,
    );
    await rewriteImports(require.resolve('quickjs-wasi/quickjs.wasm'), join(work, 'qjs.wasm'), () => 'env');
    say('engine: merging it with QuickJS');
    await merge(work);
    const { bytes, features } = replaceGrow(await readFile(join(work, 'engine.wasm')));
    const full = strip(bytes, features);
    await mkdir(outFolder, { recursive: true });
    const sets = capabilitySets();
    for (const [index, granted] of sets.entries()) {
      const target = join(outFolder, `${variantName(granted)}.wasm`);
      await writeFile(`${target}.${process.pid}`, clampMemory(withoutImports(full, features, granted)));
      await rename(`${target}.${process.pid}`, target);
      if (index % 4 === 3) say(`engine: ${index + 1} of ${sets.length} variants`);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function compileGlue(folder: string, target: string): Promise<void> {
  const flags = ['--runtime', 'stub', '--importMemory', '--noExportMemory', '-O3', '--use', 'abort='];
  const report: string[] = [];
  const { error } = await asc.main(['glue.ts', '-o', target, '--baseDir', folder, ...flags], {
    stderr: { write: (text: string | Uint8Array) => void report.push(String(text)) },
  });
  if (error !== null) throw new Error(`The glue does not compile:\n${report.join('')}`, { cause: error });
}

async function rewriteImports(source: string, target: string, to: (module: string, field: string) => string) {
  const sections = readSections(await readFile(source)).map((section) =>
    section.id === sectionIds.import ? { ...section, body: renameImportModules(section.body, to) } : section,
  );
  await writeFile(target, writeSections(sections));
}

async function merge(work: string): Promise<void> {
  const tool = join(dirname(require.resolve('binaryen')), 'bin', 'wasm-merge');
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  await run(process.execPath, [tool, ...features, 'qjs.wasm', 'qjs', 'glue.wasm', 'env', '-o', 'engine.wasm'], {
    cwd: work,
  });
}

/**
 * Lets the allocator ask the glue for pages instead of the machine. The text of a module does not tell which features
 * it may use, so they are given along.
 */
function replaceGrow(bytes: Uint8Array): { bytes: Uint8Array; features: binaryen.Features } {
  const merged = binaryen.readBinary(bytes);
  const features = merged.getFeatures();
  const name = binaryen.getExportInfo(merged.getExport('grow')).value;
  const functions = merged.emitText().split(/(?=\n \(func \$)/);
  merged.dispose();
  const text = functions
    .map((code) =>
      code.startsWith(`\n (func $${name} `) ? code : code.replaceAll('(memory.grow\n', `(call $${name}\n`),
    )
    .join('');
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(features);
    if (!module.validate()) throw new Error('The engine is not a valid module once it asks the glue for memory');
    return { bytes: module.emitBinary(), features };
  } finally {
    module.dispose();
  }
}

/** Keeps as exports what the compiler and the plugins need, and drops the code that nothing reaches any more. */
function strip(bytes: Uint8Array, features: binaryen.Features): Uint8Array {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(features);
  try {
    const keep = /^(memory|__stack_pointer|ingest|deliver|callback|actions|schedule|patchbay_resume|build_\w+)$/;
    const count = module.getNumExports();
    const names = Array.from(
      { length: count },
      (_, index) => binaryen.getExportInfo(module.getExportByIndex(index)).name,
    );
    for (const name of names) if (!keep.test(name)) module.removeExport(name);
    module.runPasses(['remove-unused-module-elements']);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** The memory may not grow beyond the platform's limit, whatever the host does. */
function clampMemory(bytes: Uint8Array): Uint8Array {
  const sections = readSections(bytes).map((section) => {
    if (section.id !== sectionIds.memory) return section;
    const reader = new WasmReader(section.body);
    const [count, , minimum] = [reader.u32(), reader.byte(), reader.u32()];
    return { ...section, body: memorySection(count, minimum) };
  });
  return writeSections(sections);
}

function withoutImports(bytes: Uint8Array, features: binaryen.Features, granted: readonly Capability[]): Uint8Array {
  const denied = new Set<string>(
    capabilities.filter((capability) => !granted.includes(capability)).map(capabilityModule),
  );
  const module = binaryen.readBinary(bytes);
  module.setFeatures(features);
  try {
    const functions = Array.from({ length: module.getNumFunctions() }, (_, index) =>
      binaryen.getFunctionInfo(module.getFunctionByIndex(index)),
    );
    for (const { name, module: from, params, results } of functions) {
      if (!from) continue;
      if (denied.has(from)) {
        module.removeFunction(name);
        module.addFunction(name, params, results, [], module.unreachable());
      } else if (from !== IO_MODULE && !capabilities.some((capability) => capabilityModule(capability) === from))
        throw new Error(`The engine imports ${from}, which the ABI does not know`);
    }
    if (!module.validate()) throw new Error(`The engine variant "${variantName(granted)}" is not a valid module`);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
