import type { RunRequest, RunResult } from '../contract/run.ts';

/** A run on its way through the sandbox. */
export interface Job {
  id: number;
  request: RunRequest;
  group: string;
  resolve: (result: RunResult) => void;
  onDispatched: (() => void) | undefined;
  /** How often a process died under it without its deadline being reached. */
  crashes: number;
  /** CPU time booked on the group when it was sent, in microseconds. */
  booked: number;
  /** What its journal took to send, all runs in a kept instance together. */
  journalBytes: number;
  /** When it was sent last. */
  sentAt: number;
  /** The process that has it said that it started. */
  started: boolean;
  /** It was sent as one that may be started together with others. */
  quick: boolean;
  /** It was under way together with others when their process died: the next time it is started alone. */
  suspected: boolean;
}

/** What a run did against its limits: it used up its CPU time, or trapped. */
export type StrikeReason = 'cpu' | 'trap';
