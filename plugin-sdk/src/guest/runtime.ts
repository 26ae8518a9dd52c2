import type { LogLevel } from '../contract/abi.ts';

/**
 * What the engine's prelude offers to the SDK's own code in a plugin, under a symbol instead of a name, so that a
 * plugin does not take it for an interface.
 */
export interface Runtime {
  /** Asks the host; resolves with the answer's value, rejects with a PatchbayError. */
  ask(capability: 'http' | 'store' | 'emit' | 'schedule', request: unknown): Promise<unknown>;
  log(level: LogLevel, message: string, fields?: Record<string, unknown>): void;
}

export const RUNTIME = Symbol.for('patchbay.runtime');

/** Throws outside of a plugin, for instance when a test imports a plugin's code into Node. */
export function runtime(): Runtime {
  const found = (globalThis as { [RUNTIME]?: Runtime })[RUNTIME];
  if (found === undefined) throw new Error('This works only inside a plugin: run it with "patchbay test"');
  return found;
}
