import { processCpuTime } from './cpu-time.ts';

/** What a child marked as started last, and has not answered: a module, or runs, of which the first is under way. */
export type Activity = { loading: string } | { runs: readonly [number, ...number[]] };

export interface Deadline {
  cpuMs: number;
  wallMs: number;
}

/**
 * `cpu`: it used up its CPU time. `wall`: it took too long where CPU time cannot be read. `starved`: it took too long
 * without having had its CPU time, which is the machine's doing, since a run never waits.
 */
export type DeadlineKind = 'cpu' | 'wall' | 'starved';

interface Watched {
  activity: Activity;
  /** How many of its runs have ended. */
  ended: number;
  /** The child's CPU time when the activity started. */
  cpuMicros: number;
  /** When the parent read that it started. */
  seenAt: number;
  deadline: Deadline;
}

const MICROS_PER_MS = 1000;
/** A judgement is not repeated faster than this: the clock of /proc steps in 10 ms. */
const RECHECK_MS = 10;

/**
 * The deadline of what a child does, judged on the child's own CPU time: a parent that was blocked, or a machine that is
 * busy, is no fault of the plugin.
 *
 *   idle     -> watching   it started something
 *   watching -> watching   one of several runs ended
 *   watching -> idle       that ended
 *   watching -> late       judged, after the pipe was read once more; told once
 *   any      -> stopped    the child is gone
 */
export class DeadlineWatch {
  readonly #pid: () => number | undefined;
  readonly #deadlineOf: (activity: Activity) => Deadline;
  readonly #late: (by: DeadlineKind, activity: Activity) => void;
  #watched: Watched | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires. */
  #looksAt = 0;
  /** CPU time of the threads beside the first one, when it was last asked for. */
  #othersMicros = 0;
  #stopped = false;

  constructor(
    pid: () => number | undefined,
    deadlineOf: (activity: Activity) => Deadline,
    late: (by: DeadlineKind, activity: Activity) => void,
  ) {
    this.#pid = pid;
    this.#deadlineOf = deadlineOf;
    this.#late = late;
  }

  get activity(): Activity | undefined {
    return this.#watched?.activity;
  }

  /** The run whose end comes next. */
  get runUnderWay(): number | undefined {
    const { activity, ended } = this.#watched ?? { ended: 0 };
    return activity !== undefined && 'runs' in activity ? activity.runs[ended] : undefined;
  }

  /** @param cpuMicros the child's CPU time at the start, as the child says. Throws when something is under way. */
  start(activity: Activity, cpuMicros: number): void {
    // Otherwise a child could begin one thing after the other and never be late with any.
    if (this.#watched !== undefined) throw new Error('something started before what was under way had ended');
    this.#watched = { activity, ended: 0, cpuMicros, seenAt: performance.now(), deadline: this.#deadlineOf(activity) };
    // One timer serves many runs: when it fires too early for the present one it is set again.
    const { cpuMs } = this.#watched.deadline;
    if (this.#timer !== undefined && this.#looksAt <= performance.now() + cpuMs) return;
    clearTimeout(this.#timer);
    this.#timer = this.#wake(cpuMs);
  }

  /** The module is loaded, or the run that is under way has ended. */
  end(): void {
    const { activity } = this.#watched ?? {};
    if (this.#watched === undefined || activity === undefined) return;
    this.#watched.ended += 1;
    if (!('runs' in activity) || this.#watched.ended === activity.runs.length) this.#watched = undefined;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #wake(ms: number): NodeJS.Timeout {
    this.#looksAt = performance.now() + ms;
    return setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    this.#timer = undefined;
    const watched = this.#watched;
    const early = watched === undefined ? 0 : watched.deadline.cpuMs - (performance.now() - watched.seenAt);
    // So that what is not held against a run is not older than one turn of the timer.
    if (watched === undefined || early > 0) this.measure();
    if (watched === undefined) return;
    if (early > 0) {
      this.#timer = this.#wake(early);
      return;
    }
    // The pipe is read once more before judging: what the child said while this process was busy counts.
    setImmediate(() =>
      setImmediate(() => {
        if (this.#stopped || this.#timer !== undefined) return;
        if (this.#watched === watched) this.#judge(watched);
        else if (this.#watched !== undefined) this.#timer = this.#wake(this.#watched.deadline.cpuMs);
      }),
    );
  }

  /**
   * CPU time of what is watched, in microseconds; undefined where it cannot be had. A plugin runs in the first thread.
   * What the others took since they were looked at last is V8's, and not held against it.
   */
  measure(): number | undefined {
    const pid = this.#pid();
    const now = pid === undefined ? undefined : processCpuTime(pid);
    if (now === undefined) return undefined;
    const others = now.others - this.#othersMicros;
    this.#othersMicros = now.others;
    if (this.#watched === undefined) return 0;
    this.#watched.cpuMicros = Math.min(now.all, this.#watched.cpuMicros + others);
    return now.all - this.#watched.cpuMicros;
  }

  #judge(watched: Watched): void {
    const { activity, deadline } = watched;
    const usedMicros = this.measure();
    const usedMs = (usedMicros ?? 0) / MICROS_PER_MS;
    const wallMs = performance.now() - watched.seenAt;
    if (usedMs >= deadline.cpuMs) return this.#late('cpu', activity);
    if (wallMs >= deadline.wallMs) return this.#late(usedMicros === undefined ? 'wall' : 'starved', activity);
    this.#timer = this.#wake(Math.max(RECHECK_MS, Math.min(deadline.cpuMs - usedMs, deadline.wallMs - wallMs)));
  }
}
