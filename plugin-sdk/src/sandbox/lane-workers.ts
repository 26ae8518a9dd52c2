import type { RunResult } from '../contract/run.ts';
import { weightOf } from './blame.ts';
import { childBundle } from './child-bundle.ts';
import type { Job } from './job.ts';
import { LaneWorker } from './lane-worker.ts';
import type { Death } from './sandbox-process.ts';

export interface LaneWorkersOptions {
  /** How many processes at most. */
  processes: number;
  patienceMs: number;
  childBundle: string | undefined;
  runsPerProcess: number;
  /** Memory that a process may take on over what it had when it was ready. */
  processGrowthBytes: number;
  log: (message: string) => void;
}

export interface LaneWorkersEvents {
  /** Whether somebody waits for a process. */
  isWanted(): boolean;
  /** One more is there, or can not be had just now. */
  changed(): void;
  /** None is there, and none can be started. */
  impossible(): void;
  answered(worker: LaneWorker, job: Job, result: RunResult): void;
  dead(worker: LaneWorker, death: Death): void;
}

const FAILED_STARTS = 3;
const RESTART_MS = 100;
const RESTART_MAX_MS = 5_000;
/** How many runs go by between two looks at a process's memory. */
const RUNS_PER_LOOK = 500;
const HEAP_MEGABYTES = 256;

/**
 * The processes of a lane, one more at a time as they are wanted.
 *
 *   starting -> works      it said that it was ready
 *   starting -> gone       it died before; the next is started later and later
 *   works    -> retires    after `runsPerProcess` runs or when its memory has grown; another takes its place
 *   works, retires -> gone
 */
export class LaneWorkers {
  readonly #options: LaneWorkersOptions;
  readonly #events: LaneWorkersEvents;
  readonly #workers = new Set<LaneWorker>();
  #bundle: Promise<string> | undefined;
  #starting = 0;
  #failedStarts = 0;
  /** Processes that get nothing new. */
  #retiring = 0;
  #closed = false;

  constructor(options: LaneWorkersOptions, events: LaneWorkersEvents) {
    this.#options = options;
    this.#events = events;
  }

  [Symbol.iterator](): Iterator<LaneWorker> {
    return this.#workers.values();
  }

  /** Starts all of them. */
  async fill(): Promise<void> {
    while (this.#mayStart()) await this.#start();
  }

  /** Starts one more unless there are enough or one is on its way. */
  grow(): void {
    if (this.#mayStart()) void this.#start();
  }

  /** Whatever a plugin may have left behind in a process does not stay for ever. */
  considerRetiring(worker: LaneWorker): void {
    const { runsPerProcess, processGrowthBytes, log } = this.#options;
    if (worker.retires || (worker.runs % RUNS_PER_LOOK !== 0 && worker.runs < runsPerProcess)) return;
    const grown = worker.grownBytes();
    if (worker.runs < runsPerProcess && grown < processGrowthBytes) return;
    log(`a sandbox process is replaced after ${worker.runs} runs, grown by ${Math.round(grown / 2 ** 20)} MiB`);
    this.#retiring += 1;
    worker.retire();
    this.grow();
  }

  /** Ends every process; resolved when they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#workers].map((worker) => worker.close()));
  }

  #mayStart(): boolean {
    const { processes } = this.#options;
    if (this.#closed || this.#starting > 0 || this.#workers.size - this.#retiring >= processes) return false;
    return this.#failedStarts < FAILED_STARTS || this.#events.isWanted();
  }

  async #start(): Promise<void> {
    this.#starting += 1;
    try {
      if (this.#failedStarts > 0) await sleep(Math.min(RESTART_MAX_MS, RESTART_MS * 2 ** this.#failedStarts));
      this.#bundle ??=
        this.#options.childBundle === undefined ? childBundle() : Promise.resolve(this.#options.childBundle);
      const bundle = await this.#bundle;
      if (this.#closed) return;
      await new Promise<void>((resolve) => this.#add(bundle, resolve));
    } catch (error) {
      this.#options.log(`no sandbox process can be started: ${error instanceof Error ? error.message : String(error)}`);
      this.#bundle = undefined;
      this.#failedStarts += 1;
    } finally {
      this.#starting -= 1;
      if (this.#failedStarts >= FAILED_STARTS && this.#workers.size === 0) this.#events.impossible();
      this.#events.changed();
    }
  }

  #add(bundle: string, settled: () => void): void {
    const { patienceMs, log } = this.#options;
    const worker = new LaneWorker(
      { bundle, heapMegabytes: HEAP_MEGABYTES, patienceMs, log },
      {
        ready: () => {
          this.#failedStarts = 0;
          settled();
        },
        answered: (job, result) => this.#events.answered(worker, job, result),
        dead: (death) => {
          if (!worker.wasReady) this.#failedStarts += weightOf(death);
          this.#workers.delete(worker);
          if (worker.retires) this.#retiring -= 1;
          this.#events.dead(worker, death);
          settled();
        },
      },
    );
    this.#workers.add(worker);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
