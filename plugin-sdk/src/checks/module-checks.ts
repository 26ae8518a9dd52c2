import { z } from 'zod';
import { ABI_CUSTOM_SECTION, EXTISM_MODULE, IO_MODULE } from '../contract/abi.ts';
import { ABI_VERSION } from '../contract/envelopes.ts';
import { grantedCapabilities } from '../contract/permissions.ts';
import { HOST_API_VERSION, supportsHostApi } from '../contract/plugin-id.ts';
import { checkModule, type ModuleFinding } from '../sandbox/check-module.ts';
import { importedCapabilities, knownImport } from '../sandbox/known-imports.ts';
import { readModule, type ModuleShape } from '../sandbox/module-reader.ts';
import { packageFiles, type PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';

const proofRules = new Set(['module.permissions', 'module.imports']);

/** The module imports no more than the manifest declares; what is declared and not imported is a warning. */
export function checkImports({ module, manifest }: PluginPackage): Finding[] {
  const undeclared = checkModule(module, manifest).filter(({ rule }) => proofRules.has(rule));
  const imported = importedCapabilities(shapeOf(module) ?? { imports: [] });
  const unused = grantedCapabilities(manifest.permissions).filter((name) => !imported.includes(name));
  return [
    ...undeclared.map(toFinding),
    ...unused.map((name): Finding => ({
      rule: 'imports.unused',
      place: packageFiles.manifest,
      message: `permissions.${name} is declared, and the module cannot use it.`,
      advice: `Remove permissions.${name} from plugin.json.`,
      level: 'warning',
    })),
  ];
}

/** The loader's rules and limits: those that are not about capabilities. */
export function checkModuleLimits({ module, manifest }: PluginPackage): Finding[] {
  return checkModule(module, manifest)
    .filter(({ rule }) => !proofRules.has(rule))
    .map(toFinding);
}

const aboutSchema = z.looseObject({ abi: z.int(), hostApi: z.string() });

/** The host API that the manifest asks for is the one that the module was built for, and this one fits. */
export function checkHostApi({ module, manifest }: PluginPackage): Finding[] {
  const findings: Finding[] = [];
  const find = (rule: string, place: string, message: string, advice: string) =>
    findings.push({ rule: `host-api.${rule}`, place, message, advice, level: 'error' });
  if (!supportsHostApi(manifest.hostApi))
    find(
      'range',
      packageFiles.manifest,
      `hostApi ${manifest.hostApi} does not include ${HOST_API_VERSION}.`,
      'Choose a range that includes the host API you tested with.',
    );
  const section = shapeOf(module)?.customs.find(({ name }) => name === ABI_CUSTOM_SECTION);
  const about = section === undefined ? undefined : aboutSchema.safeParse(jsonOrUndefined(section.bytes));
  if (about === undefined) return findings;
  if (!about.success || about.data.abi !== ABI_VERSION || about.data.hostApi !== manifest.hostApi)
    find(
      'section',
      packageFiles.module,
      'The module says that it was built for another host API than plugin.json names.',
      'Pack the plugin again.',
    );
  return findings;
}

/**
 * The import modules beyond input and output, in order of their names: what the module can do. Of the one namespace of
 * Extism those functions that reach outside are named as well.
 */
export function importModules(module: Uint8Array): string[] {
  const imports = shapeOf(module)?.imports ?? [];
  const names = imports.flatMap((entry) =>
    entry.module === EXTISM_MODULE && knownImport(entry.module, entry.name)?.capability !== undefined
      ? [entry.module, `${entry.module}.${entry.name}`]
      : [entry.module],
  );
  return [...new Set(names)].filter((name) => name !== IO_MODULE).sort();
}

function shapeOf(module: Uint8Array): ModuleShape | undefined {
  const read = readModule(module);
  return read.ok ? read.shape : undefined;
}

function toFinding({ rule, place, message, remedy }: ModuleFinding): Finding {
  return { rule, place: `${packageFiles.module}: ${place}`, message, advice: remedy, level: 'error' };
}

function jsonOrUndefined(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
