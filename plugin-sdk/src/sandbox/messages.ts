import type { AskKind } from '../contract/journal.ts';
import type { ErrorCode } from '../contract/error-codes.ts';
import type { LogLine, NewAsk, RunLimits } from '../contract/run.ts';
import type { PluginError } from '../contract/envelopes.ts';

/**
 * Header of a `module` frame. The body of a module that stands alone is the clamped module; of one that was split it is
 * the engine, unless the child holds that already, and then the memory image.
 */
export interface ModuleMessage {
  sha256: string;
  /** The parent's reader has shown that memory and exported globals are the module's whole state. */
  restorable: boolean;
  /** The most that its memory may grow to. */
  memoryBytes: number;
  split?: SplitMessage;
}

export interface SplitMessage {
  /** Names the engine by the digest of its bytes. */
  engine: string;
  /** Bytes of the engine at the beginning of the body; 0 when the child has it. */
  engineBytes: number;
  /** What the memory has at first. */
  pages: number;
}

/** Header of a `run` or `quickRun` frame; the body holds the input, then the text of each batch, back to back. */
export interface RunMessage {
  id: number;
  module: string;
  export: string;
  seed: string;
  startedAt: number;
  inputBytes: number;
  asks?: { kind: AskKind; digest: string; blocking: boolean }[];
  batches?: BatchMessage[];
  limits?: Partial<RunLimits>;
  /** Keep the instance under this name if the run ends open and can be gone on with. */
  call?: string;
}

/** Header of a `resume` frame: goes on in the kept instance of a call. The body holds the texts of the batches. */
export interface ResumeMessage {
  id: number;
  call: string;
  batches: BatchMessage[];
}

/** Header of an `unpark` frame: the kept instance is not needed any more. */
export interface UnparkMessage {
  call: string;
}

export interface BatchMessage {
  at: number;
  bytes: number;
  /** The asks that it answers, so that the child can see that each was made without reading the answers. */
  asks: number[];
  /** The batch is the answer of one blocking ask, and its text is that answer alone. */
  blocking: boolean;
}

/**
 * Header of `started`; `cpuMicros` is the child's CPU time at that moment. `loading` names the module instead.
 *
 * Several ids are runs that were sent as quick: they are run one after the other, and what came of them follows in that
 * order.
 */
export interface StartedMessage {
  ids: number[];
  cpuMicros: number;
}

export interface LoadingMessage {
  module: string;
  cpuMicros: number;
}

export interface LoadedMessage {
  module: string;
}

/** Header of a `result` frame; the body is the output of a run that is done. */
export interface ResultMessage {
  id: number;
  cpuMicros: number;
  memoryBytes: number;
  status: 'done' | 'open' | 'failed';
  asks?: NewAsk[];
  /** The instance was kept under the name of its call. */
  parked?: true;
  waitingFor?: number[];
  logs?: LogLine[];
  failure?: RunFailure;
}

export interface RunFailure {
  code: ErrorCode;
  message: string;
  error?: PluginError;
  ask?: { number: number; kind: AskKind; expected: string; got: string };
}
