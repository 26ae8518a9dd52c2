import type { Sandbox } from '../contract/run.ts';
import type { StrikeReason } from './job.ts';
import type { RunStatistics } from './run-counters.ts';
import type { Quarantine } from './strike-ledger.ts';

export interface SandboxOptions {
  /**
   * The bytes of a module by their sha256 in hex. Called once per module and then when it was dropped from memory. Throws
   * ModuleUnverified for one that must not run.
   */
  loadModule: (sha256: string) => Promise<Uint8Array>;
  /** How many child processes there are at most. Default 2. */
  processes?: number;
  /**
   * Further processes for versions that are new or struck, and for installations that used up their CPU time. Default 0:
   * all share the same.
   */
  slowProcesses?: number;
  /** A process is replaced after so many runs. Default 1,000,000. */
  runsPerProcess?: number;
  /** A process is replaced when it has taken on so much memory, in bytes; looked at from time to time. Default 512 MiB. */
  processGrowthBytes?: number;
  /** A version has come through so many runs that it is no longer new. To be kept until it is struck. */
  onProven?: (module: string) => void;
  /** What was proven, and not struck since, when the sandbox was last closed. */
  proven?: readonly string[];
  /** A run used up its CPU time, or trapped. */
  onStrike?: (strike: Strike) => void;
  /** A version broke its limits so often that it is no longer run. To be kept, and shown to a person. */
  onQuarantine?: (quarantine: Quarantine) => void;
  /** What was quarantined when the sandbox was last closed. */
  quarantined?: readonly Quarantine[];
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
  reason: StrikeReason;
  group: string;
  installation: string;
}

export interface ProcessSandbox extends Sandbox {
  /** Starts all processes and loads these modules into each, so that the first calls find everything warm. */
  warm(modules: readonly string[]): Promise<void>;
  /** Process ids of the children that live now; for tests and the operator's screen. */
  pids(): number[];
  /** What each version did in each installation since the sandbox was made. */
  statistics(): RunStatistics[];
  quarantined(): Quarantine[];
  /** Runs a version again in one installation. @returns whether it was quarantined */
  release(module: string, installation: string): boolean;
}
