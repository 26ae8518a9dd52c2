import type { AskKind, Journal, JournalAsk } from './journal.ts';
import type { ErrorCode } from './error-codes.ts';
import type { LogLevel } from './abi.ts';
import type { PluginError } from './envelopes.ts';
import type { PluginExport } from './manifest.ts';
import type { Capability } from './permissions.ts';

/** One run of a plugin: a burst of computing without waiting, from a pristine instance. */
export interface RunRequest {
  /** sha256 of the module, hex. The sandbox asks for its bytes only when it does not hold it compiled. */
  module: string;
  export: PluginExport;
  /** What the manifest grants, by which the module was installed; a module that can ask for more is not run. */
  grants: readonly Capability[];
  /** The input envelope as JSON text. */
  input: string;
  journal: Journal;
  /** Fairness: whose CPU time this is. */
  group: string;
  installation: string;
  /**
   * Digest of the program, where the module only interprets one that comes in the input: strikes count against it and
   * not against the module, which others use too.
   */
  program?: string;
  limits?: Partial<RunLimits>;
  /**
   * Names a call whose runs follow each other, each with the journal of the one before and more: nothing in it is
   * changed or taken back. The sandbox may then keep the instance while it waits and go on in it; what comes of
   * that is what a replay gives. Without it every run is a replay.
   */
  call?: string;
}

export interface RunLimits {
  runCpuMs: number;
  runWallMs: number;
  outputBytes: number;
  logBytes: number;
  logLines: number;
  asksPerCall: number;
}

/** An ask that this run made beyond those in the journal. */
export interface NewAsk extends JournalAsk {
  number: number;
  /** The request as the guest wrote it: JSON text. */
  request: string;
}

export interface LogLine {
  level: LogLevel;
  message: string;
  fields?: Record<string, unknown>;
}

export interface RunUsage {
  cpuMicros: number;
  memoryBytes: number;
}

/**
 * How a run ended.
 *
 *   done    the plugin gave its output; asks made but not yet answered are in `asks` and are not performed
 *   open    it waits: `asks` are new, `waitingFor` are all numbers without an answer
 *   failed  a mistake of the plugin (`PLUGIN_ERROR`, `PLUGIN_TRAP`, budgets, `NON_DETERMINISTIC`, `STALLED`), or of
 *           the sandbox (`SANDBOX_UNAVAILABLE`), which `fault` tells apart
 */
export type RunResult =
  | { status: 'done'; output: string; asks: NewAsk[]; logs: LogLine[]; usage: RunUsage }
  | { status: 'open'; asks: NewAsk[]; waitingFor: number[]; logs: LogLine[]; usage: RunUsage }
  | {
      status: 'failed';
      fault: 'plugin' | 'sandbox';
      code: ErrorCode;
      message: string;
      error?: PluginError;
      /** For NON_DETERMINISTIC: which ask differed. */
      ask?: { number: number; kind: AskKind; expected: string; got: string };
      logs: LogLine[];
      usage: RunUsage;
    };

/** The one sandbox: what an author tests, a registry checks and an operator runs. */
export interface Sandbox {
  /** @param onDispatched called when the run is handed to a process; again if that one is lost before it answers */
  run(request: RunRequest, onDispatched?: () => void): Promise<RunResult>;
  /** Ends every process; runs under way fail with SANDBOX_UNAVAILABLE. */
  close(): Promise<void>;
}
