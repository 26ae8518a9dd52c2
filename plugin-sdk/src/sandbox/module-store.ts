import { createHash } from 'node:crypto';
import { sandboxLimits } from '../contract/limits.ts';
import type { Capability } from '../contract/permissions.ts';
import { checkStructure, findingsText } from './check-module.ts';
import { clampModule } from './clamp-module.ts';
import { importedCapabilities } from './known-imports.ts';
import { isRestorable } from './restorable.ts';
import type { ModuleMessage } from './messages.ts';
import { ModuleUnverified } from './module-unverified.ts';
import { splitModule, type Engine, type SplitModule } from './split-module.ts';

/** A module that keeps to the loader's rules, with its maxima clamped: ready to be sent to a child. */
export interface PreparedModule {
  ok: true;
  message: Omit<ModuleMessage, 'split'>;
  code: ModuleCode;
  /** What it can ask for, by its imports. */
  capabilities: readonly Capability[];
}

/** The clamped module, or its two parts. */
export type ModuleCode = { split: false; bytes: Uint8Array } | ({ split: true } & SplitModule);

export type ModuleRefusal =
  | { ok: false; fault: 'plugin'; code: 'MODULE_INVALID'; message: string }
  | { ok: false; fault: 'sandbox'; code: 'SANDBOX_UNAVAILABLE' | 'MODULE_UNVERIFIED'; message: string };

const HELD_BYTES = 64 * 1024 * 1024;

/** Modules by digest, the least recently used dropped beyond a bound in bytes. */
export class ModuleStore {
  readonly #load: (sha256: string) => Promise<Uint8Array>;
  readonly #log: (message: string) => void;
  readonly #held = new Map<string, PreparedModule>();
  readonly #coming = new Map<string, Promise<PreparedModule | ModuleRefusal>>();
  #heldBytes = 0;

  constructor(load: (sha256: string) => Promise<Uint8Array>, log: (message: string) => void) {
    this.#load = load;
    this.#log = log;
  }

  /** The module if it is at hand. */
  get(sha256: string): PreparedModule | undefined {
    const held = this.#held.get(sha256);
    if (held !== undefined) {
      this.#held.delete(sha256);
      this.#held.set(sha256, held);
    }
    return held;
  }

  prepare(sha256: string): Promise<PreparedModule | ModuleRefusal> {
    const coming = this.#coming.get(sha256);
    if (coming !== undefined) return coming;
    const preparing = this.#prepare(sha256).finally(() => this.#coming.delete(sha256));
    this.#coming.set(sha256, preparing);
    return preparing;
  }

  async #prepare(sha256: string): Promise<PreparedModule | ModuleRefusal> {
    let bytes: Uint8Array;
    try {
      bytes = await this.#load(sha256);
    } catch (error) {
      this.#log(`module ${sha256} could not be read: ${error instanceof Error ? error.message : String(error)}`);
      if (error instanceof ModuleUnverified)
        return { ok: false, fault: 'sandbox', code: 'MODULE_UNVERIFIED', message: error.message };
      return { ok: false, fault: 'sandbox', code: 'SANDBOX_UNAVAILABLE', message: 'The module could not be read.' };
    }
    const refuse = (message: string): ModuleRefusal => ({
      ok: false,
      fault: 'plugin',
      code: 'MODULE_INVALID',
      message,
    });
    if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      return refuse('module.digest: The bytes are not those that the digest names.');
    const checked = checkStructure(bytes);
    if (!checked.ok) return refuse(findingsText(checked.findings));
    const { shape, code } = checked;
    const max = shape.memories[0]?.max;
    const memoryBytes = Math.min(sandboxLimits.memoryBytes, max === undefined ? Infinity : max * 65_536);
    const split = splitModule(bytes, shape, code);
    const prepared: PreparedModule = {
      ok: true,
      message: { sha256, restorable: isRestorable(code), memoryBytes },
      code:
        split === undefined
          ? { split: false, bytes: clampModule(bytes, shape) }
          : { split: true, ...split, engine: this.#shared(split.engine) },
      capabilities: importedCapabilities(shape),
    };
    this.#hold(sha256, prepared);
    return prepared;
  }

  /** The same engine is held once. */
  #shared(engine: Engine): Engine {
    for (const { code } of this.#held.values()) if (code.split && code.engine.key === engine.key) return code.engine;
    return engine;
  }

  #hold(sha256: string, prepared: PreparedModule): void {
    this.#held.set(sha256, prepared);
    this.#heldBytes += ownBytes(prepared);
    for (const [oldest, dropped] of this.#held) {
      if (this.#heldBytes <= HELD_BYTES || oldest === sha256) break;
      this.#held.delete(oldest);
      this.#heldBytes -= ownBytes(dropped);
    }
  }
}

/** What it takes itself; there are far fewer engines than modules. */
function ownBytes({ code }: PreparedModule): number {
  return code.split ? code.image.length : code.bytes.length;
}
