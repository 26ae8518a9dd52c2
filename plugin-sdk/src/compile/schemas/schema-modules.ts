import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { loadEngine } from '../../engine/load-engine.ts';
import { BuildInstance, EvaluationError } from '../build-instance.ts';
import { placedError } from '../placed-error.ts';
import { bundleScript, type CompileError, type SourceModule } from '../bundle.ts';
import { BUNDLE_FILE } from '../map-stack.ts';
import { ValidatorSource } from './generate-validator.ts';
import type { ExportReport } from './report-schemas.ts';
import type { JsonSchema } from './json-schema.ts';

/** Modules with such a name hold zod schemas and are replaced by validators. */
const SUFFIX = '.schema.ts';
/** How generated modules name guest/validation.ts. */
export const VALIDATION = 'patchbay:validation';

export type SchemaOutcome =
  | { ok: true; /** Generated source by absolute path. */ replacements: Map<string, string> }
  | { ok: false; errors: CompileError[] };

/** Paths of all schema modules in the plugin's folder, sorted. */
export async function findSchemaModules(root: string): Promise<string[]> {
  const entries = await readdir(join(root, 'src'), { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(SUFFIX))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Evaluates the schema modules in an engine of their own and generates what replaces them.
 *
 * @param modules receives the sources that went in
 */
export async function replaceSchemaModules(root: string, modules: Map<string, SourceModule>): Promise<SchemaOutcome> {
  const files = await findSchemaModules(root);
  if (files.length === 0) return { ok: true, replacements: new Map() };
  const bundled = await bundleScript({ source: entrySource(files, root), zod: true }, root, modules);
  if (!bundled.ok) return bundled;
  const evaluated = await evaluate(bundled.code).catch(evaluationError);
  if (evaluated instanceof EvaluationError)
    return { ok: false, errors: [placedError(evaluated.inner, bundled.sourceMap)] };
  const errors: CompileError[] = [];
  const replacements = new Map<string, string>();
  for (const [index, file] of files.entries()) {
    const shown = relative(root, file).split(sep).join('/');
    const exports = evaluated[index] ?? [];
    for (const report of exports)
      if (report.kind === 'refused')
        errors.push({ message: `Schema export "${report.name}" of ${shown}: ${report.reason}`, file: shown });
    replacements.set(file, moduleSource(exports));
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, replacements };
}

function entrySource(files: readonly string[], root: string): string {
  const specifiers = files.map((file) => JSON.stringify(`./${relative(root, file).split(sep).join('/')}`));
  return [
    ...specifiers.map((specifier, index) => `import * as module${index} from ${specifier};`),
    "const { reportSchemas } = globalThis[Symbol.for('patchbay.schemas')];",
    `export default () => reportSchemas([${specifiers.map((_, index) => `module${index}`).join(', ')}]);`,
  ].join('\n');
}

async function evaluate(code: string): Promise<ExportReport[][]> {
  const engine = await loadEngine([]);
  const instance = new BuildInstance(engine, []);
  instance.evaluateLibrary(engine.schemaLibrary);
  const report = instance.evaluate(`${code}\nplugin.default`, BUNDLE_FILE);
  return JSON.parse(instance.callForText(report, instance.string(''))) as ExportReport[][];
}

function evaluationError(error: unknown): EvaluationError {
  if (error instanceof EvaluationError) return error;
  throw error;
}

function moduleSource(exports: readonly ExportReport[]): string {
  const parts = exports.map((report, index) => {
    if (report.kind === 'refused') return '';
    if (report.kind === 'constant')
      return exportAs(report.name, `constant${index}`, `const constant${index} = ${report.json};`);
    const { source, entry } = new ValidatorSource(report.schema as JsonSchema, `v${index}_`).generate();
    return exportAs(report.name, entry, source);
  });
  return [`import { fail, oneOf, under } from ${JSON.stringify(VALIDATION)};`, ...parts].join('\n');
}

function exportAs(name: string, local: string, source: string): string {
  return `${source}\nexport { ${local} as ${name} };`;
}
