import { WASM_PAGE_BYTES } from '../engine-memory.ts';
import { decodeImage } from '../image-format.ts';
import type { ModuleMessage, SplitMessage } from '../messages.ts';
import { globalsOf, restore, type LoadedModule, type Pristine } from './loaded-module.ts';
import { MemoryImage } from './memory-image.ts';
import { instantiate, type PluginInstance } from './plugin-instance.ts';

/**
 * Code that many plugins share, compiled once, with the instances that wait for a run of any of them. What makes an
 * instance a plugin is its memory, which is written whole before every run.
 *
 *   an instance is   a plugin's -> used -> the same plugin's     put back exactly after the run
 *                    a plugin's -> another's                     its image is written over the first one's
 *                    used -> gone                                memory grew, or the run trapped
 */
export class SharedEngine {
  readonly #module: WebAssembly.Module;
  /** By the size of the memory, first and most. */
  readonly #waiting = new Map<string, Pristine>();

  /** Throws what V8 says about a module that it does not take. */
  constructor(bytes: Uint8Array) {
    this.#module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  }

  take(memory: MemoryImage, memoryMax: number): Pristine {
    const size = sizeOf(memory, memoryMax);
    const waiting = this.#waiting.get(size);
    this.#waiting.delete(size);
    if (waiting === undefined) return this.#fresh(memory, memoryMax);
    if (waiting.image?.memory === memory) return waiting;
    const taken = { instance: waiting.instance, image: { memory, globals: waiting.image?.globals ?? [] } };
    return restore(taken) ? taken : this.#fresh(memory, memoryMax);
  }

  giveBack(used: Pristine, clean: boolean, memoryMax: number): void {
    if (clean && used.image !== undefined && restore(used))
      this.#waiting.set(sizeOf(used.image.memory, memoryMax), used);
  }

  #fresh(image: MemoryImage, memoryMax: number): Pristine {
    const memory = new WebAssembly.Memory({
      initial: image.byteLength / WASM_PAGE_BYTES,
      maximum: Math.floor(memoryMax / WASM_PAGE_BYTES),
    });
    image.restore(new Uint8Array(memory.buffer));
    const instance: PluginInstance = instantiate(this.#module, memory);
    return { instance, image: { memory: image, globals: globalsOf(instance) } };
  }
}

function sizeOf(memory: MemoryImage, memoryMax: number): string {
  return `${memory.byteLength}/${memoryMax}`;
}

/** A plugin as the image that makes an engine's instance it. */
export class EngineImage implements LoadedModule {
  readonly memoryMax: number;
  readonly #engine: SharedEngine;
  readonly #image: MemoryImage;

  constructor(engine: SharedEngine, message: ModuleMessage, { pages }: SplitMessage, image: Buffer) {
    this.memoryMax = message.memoryBytes;
    this.#engine = engine;
    this.#image = new MemoryImage(decodeImage(image, pages * WASM_PAGE_BYTES));
    // That it can be linked and started is seen now, like that of a module which stands alone.
    this.giveBack(this.take(), true);
  }

  take(): Pristine {
    return this.#engine.take(this.#image, this.memoryMax);
  }

  giveBack(used: Pristine, clean: boolean): void {
    this.#engine.giveBack(used, clean, this.memoryMax);
  }
}
