import type { ModuleMessage, RunFailure } from '../messages.ts';
import { WholeModule, type LoadedModule } from './loaded-module.ts';
import { EngineImage, SharedEngine } from './shared-engine.ts';

/**
 * The modules that this process holds, by digest, and the engines that they share. An engine is held as long as a module of
 * it is; the parent counts the same way, and sends it again with the next module that needs it.
 */
export class HeldModules {
  readonly #modules = new Map<string, { loaded: LoadedModule | RunFailure; engine: string | undefined }>();
  readonly #engines = new Map<string, SharedEngine | RunFailure>();

  /** What runs, why it cannot, or undefined when it was not sent. */
  get(sha256: string): LoadedModule | RunFailure | undefined {
    return this.#modules.get(sha256)?.loaded;
  }

  add(message: ModuleMessage, body: Buffer): void {
    let loaded: LoadedModule | RunFailure;
    try {
      loaded = this.#load(message, body);
    } catch (error) {
      loaded = invalid(error);
    }
    this.#modules.set(message.sha256, { loaded, engine: message.split?.engine });
  }

  forget(sha256: string): void {
    const engine = this.#modules.get(sha256)?.engine;
    this.#modules.delete(sha256);
    if (engine === undefined) return;
    for (const other of this.#modules.values()) if (other.engine === engine) return;
    this.#engines.delete(engine);
  }

  #load(message: ModuleMessage, body: Buffer): LoadedModule | RunFailure {
    const { split } = message;
    if (split === undefined) return new WholeModule(message, body);
    if (split.engineBytes > 0) this.#engines.set(split.engine, compiled(body.subarray(0, split.engineBytes)));
    const engine = this.#engines.get(split.engine);
    if (engine === undefined) return { code: 'SANDBOX_UNAVAILABLE', message: 'The engine was not sent.' };
    if (!(engine instanceof SharedEngine)) return engine;
    return new EngineImage(engine, message, split, body.subarray(split.engineBytes));
  }
}

/** An engine that V8 does not take is held as well, so that both sides agree on what is here. */
function compiled(bytes: Uint8Array): SharedEngine | RunFailure {
  try {
    return new SharedEngine(bytes);
  } catch (error) {
    return invalid(error);
  }
}

function invalid(error: unknown): RunFailure {
  return { code: 'MODULE_INVALID', message: `The module cannot be loaded: ${reasonOf(error)}` };
}

export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
