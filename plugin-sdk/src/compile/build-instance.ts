import type { Capability } from '../contract/permissions.ts';
import type { Engine } from '../engine/load-engine.ts';
import { EngineRefusal, EngineSession, STACK_PAGES, type Evaluated, type Handle } from './engine-session.ts';
import { PRELUDE_FILE } from './map-stack.ts';

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

/** The memory as every call is to find it, and the stack pointer that belongs to it. */
export interface MemoryImage {
  memory: Uint8Array;
  stackPointer: number;
}

const PAGE_BYTES = 65_536;
/** Room for an ordinary run: twenty alerts use half a page of it, a hundred five. One that needs more grows the memory. */
const SPARE_PAGES = 8;
/** What the engine's own data takes, at least. */
const DATA_BYTES = 64 * 1024;
/** Below the stack pointer of an idle engine lie only what finished calls left behind, and the glue's fixed words. */
const FIXED_WORDS_END = 2048;

/** Letters of the glue's functions, and those that come with a capability; see guest/prelude/native.ts. */
const NATIVES = 'iIoelnrud';
const NATIVES_OF: Record<Capability, string> = { http: 'hH', store: 'tT', emit: 'm', schedule: 'c' };

/** An engine with the prelude in which a plugin is evaluated, and whose memory is then frozen. */
export class BuildInstance {
  readonly #engine: Engine;
  readonly #session: EngineSession;
  readonly #prelude: Handle;
  readonly #describe: Handle;

  constructor(engine: Engine, capabilities: readonly Capability[]) {
    this.#engine = engine;
    this.#session = new EngineSession(engine);
    const install = must(this.#session.evaluateBytecode(sdkBytecode(engine, engine.prelude)));
    const letters = NATIVES + capabilities.map((capability) => NATIVES_OF[capability]).join('');
    this.#prelude = must(this.#session.call(install, this.#session.natives(letters)));
    this.#describe = this.#session.property(this.#prelude, 'describe');
  }

  /**
   * Evaluates a script and runs what it leaves to do; throws EvaluationError. The text is compiled in another
   * engine, so that what its compiling leaves behind is not in the image.
   */
  evaluate(code: string, fileName: string): Handle {
    return this.#value(() => {
      const compiled = new EngineSession(this.#engine).compile(code, fileName);
      return compiled.ok ? this.#session.evaluateBytecode(compiled.bytecode) : this.#session.evaluate(code, fileName);
    });
  }

  /** Evaluates a script of the SDK, which the plugin then finds in the engine. */
  evaluateLibrary(script: string): void {
    must(this.#session.evaluateBytecode(sdkBytecode(this.#engine, script)));
  }

  /** Calls a function of one value that gives text. */
  callForText(f: Handle, value: Handle): string {
    return this.#session.text(this.#value(() => this.#session.call(f, value)));
  }

  string(text: string): Handle {
    return this.#session.string(text);
  }

  /** Makes the value of a plugin's bundle the plugin; ends the top level. */
  adopt(bundle: Handle): { exports: string[] } | { violation: EngineError } {
    const adopt = this.#session.property(this.#prelude, 'adopt');
    return JSON.parse(this.callForText(adopt, bundle)) as { exports: string[] } | { violation: EngineError };
  }

  freeze(): MemoryImage {
    const { exports } = this.#session;
    const fallback = this.#session.keep('{"name":"InternalError","message":"out of memory"}');
    const step = this.#session.property(this.#prelude, 'step');
    exports.build_finish(step, fallback.pointer, fallback.length, SPARE_PAGES);
    const stackPointer = exports.__stack_pointer.value as number;
    const heapBytes = exports.memory.buffer.byteLength - STACK_PAGES * PAGE_BYTES - DATA_BYTES;
    exports.build_gc_threshold(heapBytes - (SPARE_PAGES * PAGE_BYTES) / 2);
    const memory = new Uint8Array(exports.memory.buffer).slice();
    memory.fill(0, FIXED_WORDS_END, stackPointer);
    return { memory, stackPointer };
  }

  #value(work: () => Evaluated): Handle {
    try {
      const outcome = work();
      if (outcome.ok) return outcome.value;
      const described = this.#session.call(this.#describe, outcome.thrown);
      throw new EvaluationError(JSON.parse(this.#session.text(must(described))) as EngineError);
    } catch (error) {
      if (error instanceof EngineRefusal) throw new EvaluationError({ name: 'Error', message: error.message });
      throw error;
    }
  }
}

const compiledTexts = new WeakMap<Engine, Map<string, Uint8Array>>();

/** Bytecode of the SDK's own scripts, kept for the life of the process. */
function sdkBytecode(engine: Engine, script: string): Uint8Array {
  const texts = compiledTexts.get(engine) ?? new Map<string, Uint8Array>();
  compiledTexts.set(engine, texts);
  const known = texts.get(script);
  if (known !== undefined) return known;
  const compiled = new EngineSession(engine).compile(script, PRELUDE_FILE);
  if (!compiled.ok) throw new Error('A script of the SDK does not compile');
  texts.set(script, compiled.bytecode);
  return compiled.bytecode;
}

/** For the SDK's own code: an error in it is a bug. */
function must(outcome: Evaluated): Handle {
  if (!outcome.ok) throw new Error('The prelude threw an error');
  return outcome.value;
}
