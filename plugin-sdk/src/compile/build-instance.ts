import { sandboxLimits } from '../contract/limits.ts';
import type { Engine } from '../engine/engine-variant.ts';
import { PRELUDE_FILE } from './map-stack.ts';

/** The engine's functions that only the compiler calls; see engine/glue/glue.ts. */
interface BuildExports {
  memory: WebAssembly.Memory;
  __stack_pointer: WebAssembly.Global;
  build_alloc(bytes: number): number;
  build_start(stackBytes: number): void;
  build_natives(letters: number, count: number): number;
  build_eval(code: number, length: number, fileName: number): number;
  build_call(f: number, value: number): number;
  build_failed(): number;
  build_drain(): number;
  build_string(pointer: number, length: number): number;
  build_text(value: number): number;
  build_text_length(): number;
  build_property(object: number, name: number): number;
  build_finish(step: number, fallback: number, fallbackLength: number, spareBytes: number): void;
  build_gc_threshold(bytes: number): void;
}

/** A value inside the engine. */
export type Handle = number & { readonly __handle: true };

/** An error that code threw inside the engine while it was being built. */
export interface EngineError {
  name: string;
  message: string;
  stack?: string;
}

export class EvaluationError extends Error {
  readonly inner: EngineError;

  constructor(inner: EngineError) {
    super(`${inner.name}: ${inner.message}`);
    this.inner = inner;
  }
}

/** Deeper recursion of a plugin is a RangeError that it can catch; more would run into the stack of V8 first. */
const STACK_BYTES = 220_000;
const SPARE_BYTES = 16 * 65_536;
const BUILD_TIME_MS = 2000;
/** Below the stack pointer of an idle engine lie only what finished calls left behind, and the glue's fixed words. */
const FIXED_WORDS_END = 2048;

const NATIVES = 'iIoelnrud';
const NATIVES_OF = { http: 'hH', store: 'tT', emit: 'm', schedule: 'c' } as const;

/** An engine in which code can be evaluated, with a fixed clock and no host; its memory can then be frozen. */
export class BuildInstance {
  readonly #exports: BuildExports;
  readonly #step: Handle;
  readonly #describe: Handle;
  readonly #adopt: Handle;
  #deadline = Infinity;

  constructor(engine: Engine, capabilities: readonly (keyof typeof NATIVES_OF)[]) {
    const imports: Record<string, Record<string, () => number>> = {};
    for (const { module, name } of WebAssembly.Module.imports(engine.module))
      (imports[module] ??= {})[name] = () => this.#hostCall(name);
    this.#exports = new WebAssembly.Instance(engine.module, imports).exports as unknown as BuildExports;
    this.#exports.build_start(STACK_BYTES);
    const install = this.evaluate(engine.prelude, PRELUDE_FILE);
    const letters = NATIVES + capabilities.map((capability) => NATIVES_OF[capability]).join('');
    const natives = this.#exports.build_natives(this.#put(letters).pointer, letters.length) as Handle;
    const prelude = this.#check(this.#exports.build_call(install, natives));
    this.#step = this.#property(prelude, 'step');
    this.#adopt = this.#property(prelude, 'adopt');
    this.#describe = this.#property(prelude, 'describe');
  }

  /** Evaluates a script and runs what it leaves to do; throws EvaluationError. */
  evaluate(code: string, fileName: string): Handle {
    const source = this.#put(code);
    this.#deadline = performance.now() + BUILD_TIME_MS;
    const value = this.#check(this.#exports.build_eval(source.pointer, source.length, this.#put(fileName).pointer));
    const uncaught = this.#exports.build_drain();
    if (uncaught !== 0) throw new EvaluationError(this.#errorOf(uncaught as Handle));
    return value;
  }

  /** Calls a function of one value that gives text. */
  callForText(f: Handle, value: Handle): string {
    this.#deadline = performance.now() + BUILD_TIME_MS;
    return this.#text(this.#check(this.#exports.build_call(f, value)));
  }

  string(text: string): Handle {
    const { pointer, length } = this.#put(text);
    return this.#exports.build_string(pointer, length) as Handle;
  }

  /** Makes the value of a plugin's bundle the plugin; ends the top level. */
  adopt(bundle: Handle): { exports: string[] } | { violation: EngineError } {
    return JSON.parse(this.callForText(this.#adopt, bundle)) as { exports: string[] } | { violation: EngineError };
  }

  /** The memory as every call is to find it, and the stack pointer that belongs to it. */
  freeze(): { memory: Uint8Array; stackPointer: number } {
    const fallback = this.#put('{"name":"InternalError","message":"out of memory"}');
    this.#exports.build_finish(this.#step, fallback.pointer, fallback.length, SPARE_BYTES);
    const stackPointer = this.#exports.__stack_pointer.value as number;
    const heapBytes = this.#exports.memory.buffer.byteLength - stackPointer;
    this.#exports.build_gc_threshold(heapBytes - SPARE_BYTES / 2);
    const memory = new Uint8Array(this.#exports.memory.buffer).slice();
    memory.fill(0, FIXED_WORDS_END, stackPointer);
    return { memory, stackPointer };
  }

  #hostCall(name: string): number {
    if (name === 'log_write') return 0;
    if (name !== 'now') throw new Error(`The engine called ${name} while a plugin was being built`);
    if (performance.now() > this.#deadline)
      throw new EvaluationError({
        name: 'Error',
        message: `The top level of the plugin did not end within ${BUILD_TIME_MS} ms`,
      });
    return 0;
  }

  #put(text: string): { pointer: number; length: number } {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > sandboxLimits.moduleBytes)
      throw new EvaluationError({ name: 'RangeError', message: `The bundle has ${bytes.length} bytes: too large` });
    const pointer = this.#exports.build_alloc(bytes.length + 1);
    const memory = new Uint8Array(this.#exports.memory.buffer);
    memory.set(bytes, pointer);
    memory[pointer + bytes.length] = 0;
    return { pointer, length: bytes.length };
  }

  #check(value: number): Handle {
    if (this.#exports.build_failed() !== 0) throw new EvaluationError(this.#errorOf(value as Handle));
    return value as Handle;
  }

  #errorOf(thrown: Handle): EngineError {
    if (this.#describe === undefined) return { name: 'Error', message: this.#text(thrown) };
    return JSON.parse(this.#text(this.#exports.build_call(this.#describe, thrown) as Handle)) as EngineError;
  }

  #text(value: Handle): string {
    const pointer = this.#exports.build_text(value);
    const bytes = new Uint8Array(this.#exports.memory.buffer, pointer, this.#exports.build_text_length());
    return new TextDecoder().decode(bytes);
  }

  #property(object: Handle, name: string): Handle {
    return this.#exports.build_property(object, this.#put(name).pointer) as Handle;
  }
}
