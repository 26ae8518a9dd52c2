import type { LoadedModule, Pristine } from './loaded-module.ts';
import type { RunState } from './run-state.ts';

/** A run that ended open, with all that it needs to go on. */
export interface ParkedRun {
  readonly module: LoadedModule;
  readonly used: Pristine;
  readonly state: RunState;
}

/**
 * Instances that wait for answers, by the name of their call. Which are kept, and for how long, the parent says; it
 * counts their bytes.
 */
export class ParkedRuns {
  readonly #runs = new Map<string, ParkedRun>();

  park(call: string, run: ParkedRun): void {
    run.state.park();
    this.#runs.set(call, run);
  }

  take(call: string): ParkedRun | undefined {
    const run = this.#runs.get(call);
    this.#runs.delete(call);
    return run;
  }

  /** Its instance serves others again. */
  drop(call: string): void {
    const run = this.take(call);
    run?.module.giveBack(run.used, true);
  }
}
