import { SENT_MICROS } from './lane-worker.ts';

const MODULES_ESTIMATED = 10_000;
/** Of a module that has not run here: nothing is sent behind it before it is known. */
const FIRST_ESTIMATE_MICROS = SENT_MICROS;
/** Runs of a module that takes less may be started together. */
const QUICK_MICROS = 500;
/** How much a run counts against those before it. */
const WEIGHT = 1 / 8;

/** What a run of each module is expected to take, in microseconds of CPU time: a moving average, by digest. */
export class RunEstimates {
  readonly #micros = new Map<string, number>();

  of(module: string): number {
    return this.#micros.get(module) ?? FIRST_ESTIMATE_MICROS;
  }

  isQuick(module: string): boolean {
    return this.of(module) < QUICK_MICROS;
  }

  learn(module: string, used: number): void {
    const before = this.#micros.get(module);
    if (this.#micros.size > MODULES_ESTIMATED) this.#micros.clear();
    this.#micros.set(module, before === undefined ? used : before + (used - before) * WEIGHT);
  }

  /** It was ended at its limit, so it counts as slow for some time. */
  late(module: string, limitMicros: number): void {
    this.#micros.set(module, limitMicros);
  }
}
