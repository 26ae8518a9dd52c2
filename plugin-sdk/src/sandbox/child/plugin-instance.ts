import { hostFunctions, type HostFunction, type ImportContext } from './host-functions.ts';

/**
 * An instance of a module, linked to our host functions. The Extism SDK is behind this, so that it can be replaced by
 * an implementation of ours without anybody noticing.
 */
export interface PluginInstance {
  readonly context: ImportContext & { memory: WebAssembly.Memory };
  /** Exported functions of type `() -> i32`, by name. */
  readonly functions: ReadonlyMap<string, () => number>;
  /** Exported mutable globals, in the order of export. */
  readonly globals: readonly WebAssembly.Global[];
}

// Where they exist the SDK replaces http_request by a version of its own that reaches the network.
Reflect.deleteProperty(WebAssembly, 'promising');
Reflect.deleteProperty(WebAssembly, 'Suspending');
const { createPlugin } = await import('@extism/extism');

/** Instantiates the module. Every instance gets host functions of its own: the SDK writes into the object it is given. */
export async function instantiate(module: WebAssembly.Module): Promise<PluginInstance> {
  const context: ImportContext = { run: undefined, memory: undefined };
  const functions: Record<string, Record<string, (...all: unknown[]) => unknown>> = {};
  for (const [name, group] of Object.entries(hostFunctions(context))) functions[name] = withoutCallContext(group);
  const plugin = await createPlugin(
    { wasm: [{ module }] },
    {
      functions,
      config: Object.create(null) as Record<string, string>,
      allowedHosts: [],
      useWasi: false,
      runInWorker: false,
      fetch: refuseToFetch,
    },
  );
  const { exports } = await plugin.getInstance();
  const exported = new Map<string, () => number>();
  const globals: WebAssembly.Global[] = [];
  let memory: WebAssembly.Memory | undefined;
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value === 'function') exported.set(name, value as () => number);
    else if (value instanceof WebAssembly.Memory) memory = value;
    else if (value instanceof WebAssembly.Global && isMutable(value)) globals.push(value);
  }
  if (memory === undefined) throw new Error('the module exports no memory');
  context.memory = memory;
  return { context: context as PluginInstance['context'], functions: exported, globals };
}

/** The SDK gives every host function its call context first; ours have no use for it. */
function withoutCallContext(group: Record<string, HostFunction>): Record<string, (...all: unknown[]) => unknown> {
  return Object.fromEntries(
    Object.entries(group).map(([name, call]) => [
      name,
      (_context: unknown, ...parameters: unknown[]) => call(...(parameters as number[])),
    ]),
  );
}

function refuseToFetch(): Promise<never> {
  return Promise.reject(new Error('the sandbox has no network'));
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
