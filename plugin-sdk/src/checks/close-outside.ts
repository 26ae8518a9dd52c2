import { createRequire, syncBuiltinESMExports } from 'node:module';

/** Modules of Node that reach out of a process, or start another one. */
const OUTSIDE = [
  ...['net', 'tls', 'http', 'https', 'http2', 'dgram', 'dns', 'dns/promises'],
  ...['child_process', 'worker_threads', 'cluster', 'inspector', 'wasi'],
];
const GLOBALS = ['fetch', 'WebSocket', 'EventSource', 'Worker'];
const OF_PROCESS = ['binding', '_linkedBinding', 'dlopen', 'kill', '_debugProcess'];
/** Methods that do the work whatever way an object was come by; the standard streams are sockets where they are pipes. */
const METHODS: Record<string, Record<string, string[]>> = {
  net: { Socket: ['connect'], Server: ['listen'] },
  dgram: { Socket: ['bind', 'connect', 'send'] },
  child_process: { ChildProcess: ['spawn'] },
};

/**
 * Takes away, for the rest of this process, what reaches out of it. What is open already stays open: the standard streams,
 * and the bundler's own process. A second wall behind that of the kernel and of Node's permission model, which do not
 * take the network away everywhere (docs/reference/sandbox-processes.md).
 */
export function closeOutside(): void {
  // They are made when they are first asked for, and by what is taken away here.
  for (const stream of [process.stdin, process.stdout, process.stderr]) void stream.fd;
  const require = createRequire(import.meta.url);
  // All before the first is closed: they are made of each other.
  const modules = OUTSIDE.map((name) => [name, require(`node:${name}`) as Record<string, unknown>] as const);
  for (const [name, module] of modules) {
    for (const [kind, methods] of Object.entries(METHODS[name] ?? {}))
      for (const method of methods) replace((module[kind] as { prototype: object }).prototype, method);
    for (const [key, value] of Object.entries(module)) if (typeof value === 'function') replace(module, key);
  }
  syncBuiltinESMExports();
  for (const name of GLOBALS) replace(globalThis, name);
  for (const name of OF_PROCESS) replace(process, name);
}

function replace(of: object, name: string): void {
  const present = Object.getOwnPropertyDescriptor(of, name);
  if (present?.configurable === false && present.writable !== true) return;
  Object.defineProperty(of, name, {
    value: function refused(): never {
      throw new Error(`${name} is closed in this process`);
    },
    writable: false,
    configurable: false,
    enumerable: true,
  });
}
