import { EXTISM_MODULE, WASI_MODULE } from '../../contract/abi.ts';
import { engineMemory } from '../engine-memory.ts';
import { extismFunctions } from './extism-functions.ts';
import { hostFunctions } from './host-functions.ts';
import { newContext, type HostFunction, type ImportContext } from './import-context.ts';
import { StartEnded } from './wasi-call.ts';
import { wasiFunctions } from './wasi-functions.ts';

/** An instance of a module, linked to our host functions and started. */
export interface PluginInstance {
  readonly context: ImportContext & { memory: WebAssembly.Memory };
  /** Exported functions by name; the loader has seen that those which are run are of type `() -> i32`. */
  readonly functions: ReadonlyMap<string, () => number>;
  /** Exported mutable globals, in the order of export. */
  readonly globals: readonly WebAssembly.Global[];
}

/**
 * Instantiates the module with functions of its own, and calls `_initialize` or `_start` when it exports one, with a
 * fixed clock and fixed randomness.
 *
 * @param ownMemory for an engine, which imports the memory in which it finds its plugin
 */
export function instantiate(module: WebAssembly.Module, ownMemory?: WebAssembly.Memory): PluginInstance {
  const context = newContext();
  const imports: Record<string, Record<string, HostFunction | WebAssembly.Memory>> = {
    ...(ownMemory !== undefined && { [engineMemory.module]: { [engineMemory.name]: ownMemory } }),
    ...hostFunctions(context),
    [EXTISM_MODULE]: extismFunctions(context),
    [WASI_MODULE]: wasiFunctions(context),
  };
  const { exports } = new WebAssembly.Instance(module, imports);
  const functions = new Map<string, () => number>();
  const globals: WebAssembly.Global[] = [];
  let memory: WebAssembly.Memory | undefined;
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value === 'function') functions.set(name, value as () => number);
    else if (value instanceof WebAssembly.Memory) memory = value;
    else if (value instanceof WebAssembly.Global && isMutable(value)) globals.push(value);
  }
  if (memory === undefined) throw new Error('the module exports no memory');
  context.memory = memory;
  const start = functions.get('_initialize') ?? functions.get('_start');
  if (start !== undefined) runStart(context, start);
  return { context: context as PluginInstance['context'], functions, globals };
}

function runStart(context: ImportContext, start: () => unknown): void {
  context.starting = true;
  try {
    start();
  } catch (error) {
    if (!(error instanceof StartEnded) || error.code !== 0) throw error;
  } finally {
    context.starting = false;
    context.wasi = undefined;
  }
}

function isMutable(global: WebAssembly.Global): boolean {
  try {
    const value: unknown = global.value;
    global.value = value;
    return true;
  } catch {
    return false;
  }
}
