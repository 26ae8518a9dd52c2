import type { RunRequest } from '../contract/run.ts';
import { SENT_MICROS } from './lane-worker.ts';
import { RUNS_TOGETHER, TOGETHER_CPU_MS } from './read-activity.ts';
import { versionOf } from './strike-ledger.ts';

const VERSIONS_ESTIMATED = 10_000;
/** Of a version that has not run here: nothing is sent behind it before it is known. */
const FIRST_ESTIMATE_MICROS = SENT_MICROS;
/** Runs of a version that takes less may be started together. */
const QUICK_MICROS = 500;
/** What a longer input takes is not known from shorter ones. */
const QUICK_INPUT_CHARS = 16 * 1024;
/** How much a run counts against those before it. */
const WEIGHT = 1 / 8;
/** When the time of those that were started together is used up, at least one of them takes as much. */
const SHARE_MICROS = (TOGETHER_CPU_MS * 1000) / RUNS_TOGETHER;
const BARRED_MS = 3_600_000;

/**
 * What a run of each version is expected to take, in microseconds of CPU time: a moving average. And for which
 * installations a version is started alone, because it has ended a process that it shared.
 */
export class RunEstimates {
  readonly #micros = new Map<string, number>();
  /** Until when, by version and installation. */
  readonly #barred = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  of(request: RunRequest): number {
    return this.#micros.get(versionOf(request)) ?? FIRST_ESTIMATE_MICROS;
  }

  isQuick(request: RunRequest): boolean {
    if (this.of(request) >= QUICK_MICROS || request.input.length > QUICK_INPUT_CHARS) return false;
    return this.#now() >= (this.#barred.get(keyOf(request)) ?? 0);
  }

  learn(request: RunRequest, used: number): void {
    const version = versionOf(request);
    const before = this.#micros.get(version);
    if (this.#micros.size > VERSIONS_ESTIMATED) this.#micros.clear();
    this.#micros.set(version, before === undefined ? used : before + (used - before) * WEIGHT);
  }

  /** What a run took alone whose process had died under it and others. */
  learnAlone(request: RunRequest, used: number): void {
    if (used < SHARE_MICROS) return;
    if (this.#barred.size > VERSIONS_ESTIMATED) this.#barred.clear();
    this.#barred.set(keyOf(request), this.#now() + BARRED_MS);
  }

  /** It was ended at its limit, so it counts as slow for some time. */
  late(request: RunRequest, limitMicros: number): void {
    this.#micros.set(versionOf(request), limitMicros);
  }
}

function keyOf(request: RunRequest): string {
  return `${versionOf(request)} ${request.installation}`;
}
