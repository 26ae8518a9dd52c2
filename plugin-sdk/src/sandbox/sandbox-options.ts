import type { Sandbox } from '../contract/run.ts';

export interface SandboxOptions {
  /** The bytes of a module by their sha256 in hex. Called once per module and then when it was dropped from memory. */
  loadModule: (sha256: string) => Promise<Uint8Array>;
  /** How many child processes there are at most. Default 2. */
  processes?: number;
  /** A run used up its CPU time, or trapped. The host counts these and quarantines the version. */
  onStrike?: (strike: Strike) => void;
  /** Lines for the operator's log. */
  log?: (message: string) => void;
  /** The child's bundled file, when it is not beside this code or in the SDK's dist folder. */
  childBundle?: string;
  /** How long a process may be silent that should speak, in milliseconds; then it is ended. Default 20,000. */
  patienceMs?: number;
  /** Runs that may wait; beyond it a run fails with SANDBOX_UNAVAILABLE. Default 10,000. */
  maxWaiting?: number;
}

export interface Strike {
  module: string;
  reason: 'cpu' | 'trap';
  group: string;
  installation: string;
}

export interface ProcessSandbox extends Sandbox {
  /** Starts all processes and loads these modules into each, so that the first calls find everything warm. */
  warm(modules: readonly string[]): Promise<void>;
  /** Process ids of the children that live now; for tests and the operator's screen. */
  pids(): number[];
}
