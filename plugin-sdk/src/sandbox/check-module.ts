import { ABI_CUSTOM_SECTION, EXTISM_MODULE } from '../contract/abi.ts';
import { sandboxLimits } from '../contract/limits.ts';
import type { Manifest } from '../contract/manifest.ts';
import { grantedCapabilities, type Capability } from '../contract/permissions.ts';
import { MAX_MEMORY_PAGES, MAX_TABLE_ENTRIES } from './clamp-module.ts';
import { scanCode, type CodeFacts } from './code-scan.ts';
import { importedCapabilities, knownImport } from './known-imports.ts';
import { readModule, type FunctionType, type ModuleFault, type ModuleShape } from './module-reader.ts';

export interface ModuleFinding {
  /** Stable name of the rule, such as `module.memory`; `module.permissions` stands for PERMISSIONS_UNPROVEN. */
  rule: string;
  /** Where in the module: an import, a section with its byte, an export. */
  place: string;
  message: string;
  remedy: string;
}

/** Several times what the engine or a large program of another language has; V8 takes a million. */
const MAX_FUNCTIONS = 50_000;

const REBUILD = 'Build the plugin with the SDK, or change the build so that it keeps to the rule.';
const NO_SUCH_IMPORT =
  'Import only patchbay:*, extism:host/env and wasi_snapshot_preview1; host functions of your own do not exist here.';
const START_REMEDY = 'Export that function as _initialize instead, for AssemblyScript with --exportStart _initialize.';

const runnableType: FunctionType = { parameters: [], results: ['i32'] };
/** Called once an instance is there, when it exports them. */
const startExports = ['_initialize', '_start'];
const startType: FunctionType = { parameters: [], results: [] };

/**
 * What stands against running this module for this manifest; empty when nothing does. Called at publish, at install
 * and at load. Pure.
 */
export function checkModule(bytes: Uint8Array, manifest: Pick<Manifest, 'permissions' | 'provides'>): ModuleFinding[] {
  const structure = checkStructure(bytes);
  if (!structure.ok) return structure.findings;
  const { shape } = structure;
  const findings: ModuleFinding[] = [];
  const granted = new Set<string>(grantedCapabilities(manifest.permissions));
  const seen = new Set<string>();
  shape.imports.forEach(({ module, name }, index) => {
    const capability = knownImport(module, name)?.capability;
    // Of a module that stands for one capability as a whole, the first import says it all.
    const what = module === EXTISM_MODULE ? `"${module}" "${name}"` : `"${module}"`;
    if (capability === undefined || granted.has(capability) || seen.has(what)) return;
    seen.add(what);
    findings.push({
      rule: 'module.permissions',
      place: `import ${index}`,
      message: `The module imports ${what}, which the manifest does not grant.`,
      remedy: `Declare permissions.${capability} in plugin.json, or remove the use.`,
    });
  });
  for (const name of manifest.provides)
    if (!exportsRunnable(shape, name))
      findings.push({
        rule: 'module.exports',
        place: 'exports',
        message: `The manifest provides "${name}", and the module exports no function of that name and type () -> i32.`,
        remedy: `Add ${name} to the definition, or remove it from provides in plugin.json.`,
      });
  return findings;
}

export type StructureCheck =
  { ok: true; shape: ModuleShape; code: CodeFacts } | { ok: false; findings: ModuleFinding[] };

/** The findings as one text: each with its rule, its place and what to do about it. */
export function findingsText(findings: readonly ModuleFinding[]): string {
  return findings.map(({ rule, place, message, remedy }) => `${rule} (${place}): ${message} ${remedy}`).join(' ');
}

/** At load: what the module can ask for and was not granted to the version that is run, as a refusal; else undefined. */
export function grantProblem(imported: readonly Capability[], granted: readonly Capability[]): string | undefined {
  const findings = imported
    .filter((capability) => !granted.includes(capability))
    .map((capability) => ({
      rule: 'module.permissions',
      place: 'import section',
      message: `The module can ask for "${capability}", which the manifest of this version does not grant.`,
      remedy: `Install a version that declares permissions.${capability}, or one that does not import it.`,
    }));
  return findings.length === 0 ? undefined : findingsText(findings);
}

/** The loader's rules, which hold for every module whatever its manifest says. */
export function checkStructure(bytes: Uint8Array): StructureCheck {
  const refuse = ({ rule, message, place }: ModuleFault): StructureCheck => ({
    ok: false,
    findings: [{ rule: `module.${rule}`, place, message, remedy: REBUILD }],
  });
  if (bytes.length > sandboxLimits.moduleBytes)
    return refuse({
      rule: 'size',
      place: 'module',
      message: `The module has ${bytes.length} bytes; ${sandboxLimits.moduleBytes} are allowed.`,
    });
  const read = readModule(bytes);
  if (!read.ok) return refuse(read.fault);
  const findings = structureFindings(read.shape);
  if (findings.length > 0) return { ok: false, findings };
  const scanned = scanCode(bytes, read.shape);
  if (!scanned.ok) return refuse(scanned.fault);
  return { ok: true, shape: read.shape, code: scanned.facts };
}

function structureFindings(shape: ModuleShape): ModuleFinding[] {
  const findings: ModuleFinding[] = [];
  const find = (rule: string, place: string, message: string, remedy = REBUILD) =>
    findings.push({ rule: `module.${rule}`, place, message, remedy });
  shape.imports.forEach(({ module, name, type }, index) => {
    const place = `import ${index}`;
    const expected = knownImport(module, name)?.type;
    const actual = type === undefined ? undefined : shape.types[type];
    if (expected === undefined)
      find('imports', place, `The module imports "${module}" "${name}", which does not exist here.`, NO_SUCH_IMPORT);
    else if (actual === undefined || !sameType(actual, expected))
      find('imports', place, `The module imports "${module}" "${name}" with another type than ${describe(expected)}.`);
  });
  const [memory] = shape.memories;
  if (shape.memories.length !== 1 || memory === undefined)
    find('memory', 'memories', `The module has ${shape.memories.length} memories; exactly one is allowed.`);
  else if (memory.min > MAX_MEMORY_PAGES)
    find(
      'memory',
      'memory 0',
      `The module starts with ${memory.min} pages of memory; ${MAX_MEMORY_PAGES} are allowed.`,
    );
  else if (!shape.exports.some(({ name, kind }) => name === 'memory' && kind === 'memory'))
    find('memory', 'exports', 'The module does not export its memory as "memory".');
  shape.tables.forEach(({ min }, index) => {
    if (min > MAX_TABLE_ENTRIES)
      find('table', `table ${index}`, `A table starts with ${min} entries; ${MAX_TABLE_ENTRIES} are allowed.`);
  });
  if (shape.functions.length > MAX_FUNCTIONS)
    find('functions', 'functions', `The module has ${shape.functions.length} functions; ${MAX_FUNCTIONS} are allowed.`);
  if (shape.tables.length > 1) find('table', 'tables', `The module has ${shape.tables.length} tables; one is allowed.`);
  if (shape.start !== undefined && importedCapabilities(shape).length > 0)
    find(
      'start',
      'start section',
      'The module has a start function and imports a capability; only functions that stay within the run may be imported then.',
      START_REMEDY,
    );
  for (const name of startExports)
    if (shape.exports.some((entry) => entry.name === name) && !hasType(shape, name, startType))
      find('start', 'exports', `The module exports "${name}" as something else than a function () -> ().`);
  if (shape.customs.filter(({ name }) => name === ABI_CUSTOM_SECTION).length > 1)
    find('abi', 'custom sections', `The module has several custom sections "${ABI_CUSTOM_SECTION}".`);
  return findings;
}

function exportsRunnable(shape: ModuleShape, name: string): boolean {
  return hasType(shape, name, runnableType);
}

function hasType(shape: ModuleShape, name: string, expected: FunctionType): boolean {
  const found = shape.exports.find((entry) => entry.name === name && entry.kind === 'function');
  if (found === undefined) return false;
  const type = shape.types[shape.functions[found.index - shape.imports.length] ?? -1];
  return type !== undefined && sameType(type, expected);
}

function sameType(a: FunctionType, b: FunctionType): boolean {
  return describe(a) === describe(b);
}

function describe({ parameters, results }: FunctionType): string {
  return `(${parameters.join(', ')}) -> (${results.join(', ')})`;
}
