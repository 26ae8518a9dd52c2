import { sandboxLimits } from '../contract/limits.ts';
import type { Engine } from '../engine/load-engine.ts';

/** The engine's functions that only the compiler calls; see engine/glue/glue.ts. */
interface BuildExports {
  memory: WebAssembly.Memory;
  __stack_pointer: WebAssembly.Global;
  build_alloc(bytes: number): number;
  build_free(pointer: number): void;
  build_start(stackBytes: number, gapPage: number, gapPages: number): void;
  build_natives(letters: number, count: number): number;
  build_compile(code: number, length: number, fileName: number, flags: number): number;
  build_eval(code: number, length: number, fileName: number): number;
  build_eval_bytecode(pointer: number, length: number): number;
  build_call(f: number, value: number): number;
  build_failed(): number;
  build_drain(): number;
  build_string(pointer: number, length: number): number;
  build_text(value: number): number;
  build_text_length(): number;
  build_property(object: number, name: number): number;
  build_finish(step: number, fallback: number, fallbackLength: number, sparePages: number): void;
  build_gc_threshold(bytes: number): void;
}

/** A value inside the engine. */
export type Handle = number & { readonly __handle: true };

/** What became of a piece of code. */
export type Evaluated = { ok: true; value: Handle } | { ok: false; thrown: Handle };

/** Code inside the engine ran out of time, or is too large to be taken in. */
export class EngineRefusal extends Error {}

/** Deeper recursion of a plugin is a RangeError that it can catch; more would run into the stack of V8 first. */
const STACK_BYTES = 220_000;
/**
 * Where the stack begins, growing down to 0: what QuickJS may use of it, and as much again as half for what it does not
 * count. It is linked for a stack of 16 pages; the pages in between are the heap's.
 */
export const STACK_PAGES = 5;
const LINKED_STACK_PAGES = 16;
const PAGE_BYTES = 65_536;
/** JS_WRITE_OBJ_STRIP_SOURCE of QuickJS: the text of functions is left out, places in it stay. */
const STRIP_SOURCE = 1 << 4;
const BUILD_TIME_MS = 2000;

/** A started engine with a fixed clock and no host, in the compiler's hands. */
export class EngineSession {
  readonly exports: BuildExports;
  #deadline = Infinity;

  constructor(engine: Engine) {
    const imports: Record<string, Record<string, () => number>> = {};
    for (const { module, name } of WebAssembly.Module.imports(engine.module))
      (imports[module] ??= {})[name] = () => this.#hostCall(name);
    this.exports = new WebAssembly.Instance(engine.module, imports).exports as unknown as BuildExports;
    this.exports.__stack_pointer.value = STACK_PAGES * PAGE_BYTES;
    this.exports.build_start(STACK_BYTES, STACK_PAGES, LINKED_STACK_PAGES - STACK_PAGES);
  }

  /** Bytecode of a script, or the error that its text is. */
  compile(code: string, fileName: string): { ok: true; bytecode: Uint8Array } | { ok: false } {
    return this.#withText(code, (source, length) =>
      this.#withText(fileName, (name) => {
        const pointer = this.exports.build_compile(source, length, name, STRIP_SOURCE);
        if (pointer === 0) return { ok: false };
        const size = this.exports.build_text_length();
        return { ok: true, bytecode: new Uint8Array(this.exports.memory.buffer, pointer, size).slice() };
      }),
    );
  }

  /** Evaluates a script and runs what it leaves to do. */
  evaluate(code: string, fileName: string): Evaluated {
    return this.#timed(() =>
      this.#withText(code, (source, length) =>
        this.#withText(fileName, (name) => this.#settled(this.exports.build_eval(source, length, name))),
      ),
    );
  }

  /** As evaluate, for bytecode that `compile` of another session made. */
  evaluateBytecode(bytecode: Uint8Array): Evaluated {
    return this.#timed(() =>
      this.#withBytes(bytecode, (pointer) => this.#settled(this.exports.build_eval_bytecode(pointer, bytecode.length))),
    );
  }

  /** Calls a function with one value. */
  call(f: Handle, value: Handle): Evaluated {
    return this.#timed(() => this.#outcome(this.exports.build_call(f, value)));
  }

  /** An object with the glue's functions of these letters. */
  natives(letters: string): Handle {
    return this.#withText(letters, (pointer) => this.exports.build_natives(pointer, letters.length)) as Handle;
  }

  string(text: string): Handle {
    return this.#withText(text, (pointer, length) => this.exports.build_string(pointer, length)) as Handle;
  }

  property(object: Handle, name: string): Handle {
    return this.#withText(name, (pointer) => this.exports.build_property(object, pointer)) as Handle;
  }

  text(value: Handle): string {
    const pointer = this.exports.build_text(value);
    const bytes = new Uint8Array(this.exports.memory.buffer, pointer, this.exports.build_text_length());
    return new TextDecoder().decode(bytes);
  }

  /** Copies text into the engine for good. */
  keep(text: string): { pointer: number; length: number } {
    const bytes = new TextEncoder().encode(text);
    return { pointer: this.#put(bytes), length: bytes.length };
  }

  #outcome(value: number): Evaluated {
    if (this.exports.build_failed() !== 0) return { ok: false, thrown: value as Handle };
    return { ok: true, value: value as Handle };
  }

  #settled(value: number): Evaluated {
    const outcome = this.#outcome(value);
    if (!outcome.ok) return outcome;
    const uncaught = this.exports.build_drain();
    return uncaught === 0 ? outcome : { ok: false, thrown: uncaught as Handle };
  }

  #timed<T>(work: () => T): T {
    this.#deadline = performance.now() + BUILD_TIME_MS;
    try {
      return work();
    } finally {
      this.#deadline = Infinity;
    }
  }

  #withText<T>(text: string, use: (pointer: number, length: number) => T): T {
    const bytes = new TextEncoder().encode(text);
    return this.#withBytes(bytes, (pointer) => use(pointer, bytes.length));
  }

  #withBytes<T>(bytes: Uint8Array, use: (pointer: number) => T): T {
    const pointer = this.#put(bytes);
    const result = use(pointer);
    this.exports.build_free(pointer);
    return result;
  }

  /** Copies bytes and a zero after them into the engine's heap. */
  #put(bytes: Uint8Array): number {
    if (bytes.length > sandboxLimits.moduleBytes)
      throw new EngineRefusal(`The bundle has ${bytes.length} bytes; at most ${sandboxLimits.moduleBytes} are allowed`);
    const pointer = this.exports.build_alloc(bytes.length + 1);
    const memory = new Uint8Array(this.exports.memory.buffer);
    memory.set(bytes, pointer);
    memory[pointer + bytes.length] = 0;
    return pointer;
  }

  #hostCall(name: string): number {
    if (name === 'log_write') return 0;
    if (name !== 'now') throw new Error(`The engine called ${name} while a plugin was being built`);
    if (performance.now() > this.#deadline)
      throw new EngineRefusal(`The top level of the plugin did not end within ${BUILD_TIME_MS} ms`);
    return 0;
  }
}
