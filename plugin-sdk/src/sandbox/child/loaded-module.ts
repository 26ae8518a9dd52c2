import type { ModuleMessage } from '../messages.ts';
import { MemoryImage } from './memory-image.ts';
import { instantiate, type PluginInstance } from './plugin-instance.ts';

/**
 * A compiled module and the instance that waits for its next run.
 *
 *   empty -> fresh     instantiated; for restorable modules the pristine image was taken
 *   fresh -> used      handed to a run
 *   used  -> fresh     put back exactly: memory did not grow and nothing trapped
 *   used  -> empty     anything else: the instance is thrown away
 */
export class LoadedModule {
  readonly memoryMax: number;
  readonly #module: WebAssembly.Module;
  readonly #restorable: boolean;
  #waiting: Pristine | undefined;

  private constructor(module: WebAssembly.Module, message: ModuleMessage) {
    this.#module = module;
    this.#restorable = message.restorable;
    this.memoryMax = message.memoryBytes;
  }

  /** Compiles and instantiates. Throws what V8 says about a module that it does not take. */
  static load(message: ModuleMessage, bytes: Uint8Array): LoadedModule {
    const loaded = new LoadedModule(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), message);
    loaded.#waiting = loaded.#fresh();
    return loaded;
  }

  /** An instance in its first state: the one that waits, or a new one. */
  take(): Pristine {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting ?? this.#fresh();
  }

  /** Takes an instance back after a run. `clean` says that the run neither trapped nor threw into the guest. */
  giveBack(used: Pristine, clean: boolean): void {
    if (clean && used.image !== undefined && restore(used, used.image)) this.#waiting = used;
  }

  #fresh(): Pristine {
    const instance = instantiate(this.#module);
    const { memory } = instance.context;
    return {
      instance,
      image: this.#restorable
        ? {
            memory: new MemoryImage(new Uint8Array(memory.buffer)),
            globals: instance.globals.map((global) => global.value),
          }
        : undefined,
    };
  }
}

export interface Pristine {
  instance: PluginInstance;
  image: { memory: MemoryImage; globals: unknown[] } | undefined;
}

/** False when the memory grew: a grown memory cannot be made smaller again. */
function restore({ instance }: Pristine, image: NonNullable<Pristine['image']>): boolean {
  const { buffer } = instance.context.memory;
  if (buffer.byteLength !== image.memory.byteLength) return false;
  image.memory.restore(new Uint8Array(buffer));
  instance.globals.forEach((global, index) => {
    global.value = image.globals[index];
  });
  return true;
}
