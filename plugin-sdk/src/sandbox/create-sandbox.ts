import type { ProcessSandbox, SandboxOptions } from './sandbox-options.ts';
import { SandboxPool } from './sandbox-pool.ts';

export type { RunStatistics } from './run-counters.ts';
export type { ProcessSandbox, SandboxOptions, Strike } from './sandbox-options.ts';
export type { Quarantine } from './strike-ledger.ts';

/** Makes a sandbox. Nothing is started before the first run or `warm`. */
export function createSandbox(options: SandboxOptions): ProcessSandbox {
  return new SandboxPool(options);
}
