/**
 * The part of the WebAssembly JavaScript interface that this package uses
 * (https://webassembly.github.io/spec/js-api/); Node has it, its type package does not.
 */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(delta: number): number;
  }
  interface Global {
    value: unknown;
  }
  interface Instance {
    readonly exports: Record<string, unknown>;
  }
  interface ModuleImportDescriptor {
    module: string;
    name: string;
    kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
  }
  interface ModuleExportDescriptor {
    name: string;
    kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
  }
  const Instance: new (module: Module, imports?: Record<string, Record<string, unknown>>) => Instance;
  const Module: {
    new (bytes: Uint8Array): Module;
    imports(module: Module): ModuleImportDescriptor[];
    exports(module: Module): ModuleExportDescriptor[];
    customSections(module: Module, name: string): ArrayBuffer[];
  };
  const CompileError: new (message?: string) => Error;
  const LinkError: new (message?: string) => Error;
  const RuntimeError: new (message?: string) => Error;
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports?: Record<string, Record<string, unknown>>): Promise<Instance>;
  function validate(bytes: Uint8Array): boolean;
}
