import type { ModuleMessage } from '../messages.ts';
import { MemoryImage } from './memory-image.ts';
import { instantiate, type PluginInstance } from './plugin-instance.ts';

/** A plugin that a run can be made of, with the instances that wait for one. */
export interface LoadedModule {
  /** The most that its memory may grow to, in bytes. */
  readonly memoryMax: number;
  /** An instance in its first state. Throws what the module throws while it starts. */
  take(): Pristine;
  /** Takes an instance back after a run. `clean` says that the run neither trapped nor threw into the guest. */
  giveBack(used: Pristine, clean: boolean): void;
}

export interface Pristine {
  instance: PluginInstance;
  /** What the first state is; undefined when the instance cannot be put back. */
  image: { memory: MemoryImage; globals: readonly unknown[] } | undefined;
}

/**
 * A compiled module that stands alone, and the instance that waits for its next run.
 *
 *   empty -> fresh     instantiated; for restorable modules the pristine image was taken
 *   fresh -> used      handed to a run
 *   used  -> fresh     put back exactly: memory did not grow and nothing trapped
 *   used  -> empty     anything else: the instance is thrown away
 */
export class WholeModule implements LoadedModule {
  readonly memoryMax: number;
  readonly #module: WebAssembly.Module;
  readonly #restorable: boolean;
  #waiting: Pristine | undefined;

  /** Compiles and instantiates. Throws what V8 says about a module that it does not take. */
  constructor(message: ModuleMessage, bytes: Uint8Array) {
    this.#module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
    this.#restorable = message.restorable;
    this.memoryMax = message.memoryBytes;
    this.#waiting = this.#fresh();
  }

  take(): Pristine {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting ?? this.#fresh();
  }

  giveBack(used: Pristine, clean: boolean): void {
    if (clean && restore(used)) this.#waiting = used;
  }

  #fresh(): Pristine {
    const instance = instantiate(this.#module);
    const { memory } = instance.context;
    if (!this.#restorable) return { instance, image: undefined };
    const image = new MemoryImage(new Uint8Array(memory.buffer));
    return { instance, image: { memory: image, globals: globalsOf(instance) } };
  }
}

export function globalsOf({ globals }: PluginInstance): unknown[] {
  return globals.map((global): unknown => global.value);
}

/** False when it cannot be put back: a memory that grew cannot be made smaller again. */
export function restore({ instance, image }: Pristine): boolean {
  const { buffer } = instance.context.memory;
  if (image === undefined || buffer.byteLength !== image.memory.byteLength) return false;
  image.memory.restore(new Uint8Array(buffer));
  instance.globals.forEach((global, index) => {
    global.value = image.globals[index];
  });
  return true;
}
