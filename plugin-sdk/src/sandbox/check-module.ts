import { ABI_CUSTOM_SECTION, IO_MODULE, capabilityModule } from '../contract/abi.ts';
import { sandboxLimits } from '../contract/limits.ts';
import type { Manifest } from '../contract/manifest.ts';
import { grantedCapabilities, type Capability } from '../contract/permissions.ts';
import { MAX_MEMORY_PAGES, MAX_TABLE_ENTRIES } from './clamp-module.ts';
import { scanCode, type CodeFacts } from './code-scan.ts';
import { readModule, type FunctionType, type ModuleShape, type ValueType } from './module-reader.ts';

export interface ModuleFinding {
  /** Stable name of the rule, such as `module.memory`; `module.permissions` stands for PERMISSIONS_UNPROVEN. */
  rule: string;
  message: string;
  remedy: string;
}

/** Several times what the engine or a large program of another language has; V8 takes a million. */
const MAX_FUNCTIONS = 50_000;

const REBUILD = 'Build the plugin with the SDK, or change the build so that it keeps to the rule.';

const i32 = (count: number): ValueType[] => Array.from({ length: count }, () => 'i32');
const ioImports = new Map<string, FunctionType>([
  ['input_length', { parameters: [], results: i32(1) }],
  ['input_read', { parameters: i32(1), results: [] }],
  ['output_write', { parameters: i32(2), results: [] }],
  ['error_write', { parameters: i32(2), results: [] }],
  ['batch_length', { parameters: [], results: i32(1) }],
  ['batch_read', { parameters: i32(1), results: [] }],
  ['now', { parameters: [], results: ['f64'] }],
  ['seed_read', { parameters: i32(1), results: [] }],
  ['log_write', { parameters: i32(3), results: [] }],
]);
const askType: FunctionType = { parameters: i32(2), results: i32(1) };
const capabilityImports: Record<Capability, Map<string, FunctionType>> = {
  http: new Map([
    ['ask', askType],
    ['ask_blocking', askType],
  ]),
  store: new Map([
    ['ask', askType],
    ['ask_blocking', askType],
  ]),
  emit: new Map([['ask', askType]]),
  schedule: new Map([['ask', askType]]),
};

/**
 * What stands against running this module for this manifest; empty when nothing does. Called at publish, at install
 * and at load. Pure.
 */
export function checkModule(bytes: Uint8Array, manifest: Pick<Manifest, 'permissions' | 'provides'>): ModuleFinding[] {
  const structure = checkStructure(bytes);
  if (!structure.ok) return structure.findings;
  const { shape } = structure;
  const findings: ModuleFinding[] = [];
  const granted = new Set<string>(grantedCapabilities(manifest.permissions).map((name) => capabilityModule(name)));
  const ungranted = new Set(
    shape.imports.map((entry) => entry.module).filter((name) => name !== IO_MODULE && !granted.has(name)),
  );
  for (const name of ungranted) {
    const capability = name.slice(name.indexOf(':') + 1);
    findings.push({
      rule: 'module.permissions',
      message: `The module imports "${name}", which the manifest does not grant.`,
      remedy: `Declare permissions.${capability} in plugin.json, or remove the use.`,
    });
  }
  for (const name of manifest.provides)
    if (!exportsRunnable(shape, name))
      findings.push({
        rule: 'module.exports',
        message: `The manifest provides "${name}", and the module exports no function of that name and type () -> i32.`,
        remedy: `Add ${name} to the definition, or remove it from provides in plugin.json.`,
      });
  return findings;
}

export type StructureCheck =
  { ok: true; shape: ModuleShape; code: CodeFacts } | { ok: false; findings: ModuleFinding[] };

/** The loader's rules, which hold for every module whatever its manifest says. */
export function checkStructure(bytes: Uint8Array): StructureCheck {
  const refuse = (rule: string, message: string): StructureCheck => ({
    ok: false,
    findings: [{ rule: `module.${rule}`, message, remedy: REBUILD }],
  });
  if (bytes.length > sandboxLimits.moduleBytes)
    return refuse('size', `The module has ${bytes.length} bytes; ${sandboxLimits.moduleBytes} are allowed.`);
  const read = readModule(bytes);
  if (!read.ok) return refuse(read.fault.rule, read.fault.message);
  const findings = structureFindings(read.shape);
  if (findings.length > 0) return { ok: false, findings };
  const scanned = scanCode(bytes, read.shape);
  if (!scanned.ok) return refuse(scanned.fault.rule, scanned.fault.message);
  return { ok: true, shape: read.shape, code: scanned.facts };
}

function structureFindings(shape: ModuleShape): ModuleFinding[] {
  const findings: ModuleFinding[] = [];
  const find = (rule: string, message: string) => findings.push({ rule: `module.${rule}`, message, remedy: REBUILD });
  for (const { module, name, type } of shape.imports) {
    const expected = knownImport(module, name);
    const actual = type === undefined ? undefined : shape.types[type];
    if (expected === undefined) find('imports', `The module imports "${module}" "${name}", which does not exist here.`);
    else if (actual === undefined || !sameType(actual, expected))
      find('imports', `The module imports "${module}" "${name}" with another type than ${describe(expected)}.`);
  }
  const [memory] = shape.memories;
  if (shape.memories.length !== 1 || memory === undefined)
    find('memory', `The module has ${shape.memories.length} memories; exactly one is allowed.`);
  else if (memory.min > MAX_MEMORY_PAGES)
    find('memory', `The module starts with ${memory.min} pages of memory; ${MAX_MEMORY_PAGES} are allowed.`);
  else if (!shape.exports.some(({ name, kind }) => name === 'memory' && kind === 'memory'))
    find('memory', 'The module does not export its memory as "memory".');
  for (const table of shape.tables)
    if (table.min > MAX_TABLE_ENTRIES)
      find('table', `A table starts with ${table.min} entries; ${MAX_TABLE_ENTRIES} are allowed.`);
  if (shape.functions.length > MAX_FUNCTIONS)
    find('functions', `The module has ${shape.functions.length} functions; ${MAX_FUNCTIONS} are allowed.`);
  if (shape.tables.length > 1) find('table', `The module has ${shape.tables.length} tables; one is allowed.`);
  if (shape.start !== undefined && shape.imports.some(({ module }) => module !== IO_MODULE))
    find('start', 'The module has a start function and imports a capability; only patchbay:io may be imported then.');
  if (shape.customs.filter(({ name }) => name === ABI_CUSTOM_SECTION).length > 1)
    find('abi', `The module has several custom sections "${ABI_CUSTOM_SECTION}".`);
  return findings;
}

function knownImport(module: string, name: string): FunctionType | undefined {
  if (module === IO_MODULE) return ioImports.get(name);
  for (const [capability, functions] of Object.entries(capabilityImports))
    if (module === capabilityModule(capability)) return functions.get(name);
  return undefined;
}

function exportsRunnable(shape: ModuleShape, name: string): boolean {
  const found = shape.exports.find((entry) => entry.name === name && entry.kind === 'function');
  if (found === undefined) return false;
  const type = shape.types[shape.functions[found.index - shape.imports.length] ?? -1];
  return type !== undefined && sameType(type, { parameters: [], results: i32(1) });
}

function sameType(a: FunctionType, b: FunctionType): boolean {
  return describe(a) === describe(b);
}

function describe({ parameters, results }: FunctionType): string {
  return `(${parameters.join(', ')}) -> (${results.join(', ')})`;
}
