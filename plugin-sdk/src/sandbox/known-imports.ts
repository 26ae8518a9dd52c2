import { EXTISM_MODULE, IO_MODULE, WASI_MODULE, capabilityModule } from '../contract/abi.ts';
import { capabilities, type Capability } from '../contract/permissions.ts';
import { extismImports, wasiImports } from './foreign-imports.ts';
import type { FunctionType, ModuleShape, ValueType } from './module-reader.ts';

/** A function that a module may import, and what it needs to be granted for it. */
export interface KnownImport {
  type: FunctionType;
  capability: Capability | undefined;
}

const letters: Record<string, ValueType> = { i: 'i32', I: 'i64', d: 'f64' };

function typeOf(signature: string): FunctionType {
  const [parameters = '', results = ''] = signature.split(':');
  const read = (side: string): ValueType[] => Array.from(side, (letter) => letters[letter] ?? 'i32');
  return { parameters: read(parameters), results: read(results) };
}

const ioImports = {
  input_length: ':i',
  input_read: 'i:',
  output_write: 'ii:',
  error_write: 'ii:',
  batch_length: ':i',
  batch_read: 'i:',
  now: ':d',
  seed_read: 'i:',
  log_write: 'iii:',
};

const askImports = { ask: 'ii:i' };
const blockingImports = { ask: 'ii:i', ask_blocking: 'ii:i' };
const capabilityImports: Record<Capability, Record<string, string>> = {
  http: blockingImports,
  store: blockingImports,
  emit: askImports,
  schedule: askImports,
};

/** Those that reach outside. What the other functions of `extism:host/env` do stays within the run. */
const extismCapabilities: Partial<Record<keyof typeof extismImports, Capability>> = {
  http_request: 'http',
  var_get: 'store',
  var_set: 'store',
};

const known = new Map<string, Map<string, KnownImport>>();

function declare(
  module: string,
  functions: Record<string, string>,
  capability?: (name: string) => Capability | undefined,
) {
  const entries = Object.entries(functions).map(([name, signature]): [string, KnownImport] => [
    name,
    { type: typeOf(signature), capability: capability?.(name) },
  ]);
  known.set(module, new Map(entries));
}

declare(IO_MODULE, ioImports);
for (const name of capabilities) declare(capabilityModule(name), capabilityImports[name], () => name);
declare(EXTISM_MODULE, extismImports, (name) => extismCapabilities[name as keyof typeof extismImports]);
declare(WASI_MODULE, wasiImports);

export function knownImport(module: string, name: string): KnownImport | undefined {
  return known.get(module)?.get(name);
}

/** What the module can ask for, whatever its manifest says: in the fixed order of `capabilities`. */
export function importedCapabilities({ imports }: Pick<ModuleShape, 'imports'>): Capability[] {
  const found = new Set(imports.map(({ module, name }) => knownImport(module, name)?.capability));
  return capabilities.filter((capability) => found.has(capability));
}
