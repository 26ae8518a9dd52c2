import type { ProcessSandbox, SandboxOptions } from './sandbox-options.ts';
import { SandboxPool } from './sandbox-pool.ts';

export type { ProcessSandbox, SandboxOptions, Strike } from './sandbox-options.ts';

/** Makes a sandbox. Nothing is started before the first run or `warm`. */
export function createSandbox(options: SandboxOptions): ProcessSandbox {
  return new SandboxPool(options);
}
