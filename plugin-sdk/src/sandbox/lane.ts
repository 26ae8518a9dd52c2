import type { ErrorCode } from '../contract/error-codes.ts';
import type { RunResult } from '../contract/run.ts';
import { sandboxLimits } from '../contract/limits.ts';
import { isCulprit, weightOf } from './blame.ts';
import { FairQueue } from './fair-queue.ts';
import { MAX_FRAME_BYTES } from './frames.ts';
import type { Job, StrikeReason } from './job.ts';
import { LOAD_DEADLINE, deadlineOfRun, type LaneWorker } from './lane-worker.ts';
import { LaneWorkers, type LaneWorkersOptions } from './lane-workers.ts';
import type { ModuleStore, PreparedModule } from './module-store.ts';
import { encodeResume, encodeRun } from './run-frame.ts';
import { RunEstimates } from './run-estimates.ts';
import type { Death } from './sandbox-process.ts';
import { failure, unavailable } from './run-failure.ts';

/**
 * Some processes with a fair queue in front of them.
 *
 *   A run is   waiting -> sent -> answered
 *              sent -> waiting     its process died before it was started, or died of itself
 *              sent -> waiting     its process died while it was under way together with others: it is started alone
 *              sent -> answered    its process was killed at this run's deadline: RUN_CPU_EXCEEDED or PLUGIN_TIMEOUT
 *
 * Runs are pure, so one whose process is gone can simply run again.
 */
export interface LaneOptions extends LaneWorkersOptions {
  store: ModuleStore;
  /** The job's module is no longer at hand. */
  prepare: (job: Job) => void;
  /** Answers the job. */
  settle: (job: Job, result: RunResult, strike?: StrikeReason) => void;
}

const CRASHES_PER_RUN = 3;
/** What a new process takes, with the modules that it needs. */
const PROCESS_MICROS = 100_000;
/** An allowance for what frames hold beside the answers: digests of asks, escapes. */
const MAX_JOURNAL_FRAME_BYTES = sandboxLimits.journalBytes + 256 * 1024;

export class Lane {
  readonly #options: LaneOptions;
  readonly #queue = new FairQueue<Job>();
  readonly #workers: LaneWorkers;
  readonly #estimates = new RunEstimates();
  #closed = false;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#workers = new LaneWorkers(options, {
      isWanted: () => this.#queue.size > 0,
      changed: () => this.#dispatch(),
      impossible: () => {
        for (const job of this.#queue.takeAll()) this.#refuse(job, 'No sandbox process can be started.');
      },
      answered: (worker, job, result) => this.#settle(worker, job, result),
      dead: (worker, death) => this.#bury(worker, death),
    });
  }

  get waiting(): number {
    return this.#queue.size;
  }

  push(job: Job): void {
    this.#queue.push(job);
    this.#dispatch();
  }

  /** Starts all processes and loads these modules into each. */
  async warm(modules: readonly PreparedModule[]): Promise<void> {
    await this.#workers.fill();
    await Promise.all([...this.#workers].flatMap((worker) => modules.map((module) => worker.loaded(module))));
  }

  pids(): number[] {
    return [...this.#workers].flatMap(({ pid }) => pid ?? []);
  }

  /** Ends every process; resolved when they are gone. What waits or is under way is answered as unavailable. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.takeAll()) this.#refuse(job, 'The sandbox was closed.');
    await this.#workers.close();
  }

  /** Sends waiting runs as long as a process has room. */
  #dispatch(): void {
    for (let job = this.#queue.peek(); job !== undefined; job = this.#queue.peek()) {
      const keeper = this.#keeperOf(job);
      const worker = keeper ?? this.#leastLoaded();
      if (worker === undefined) {
        this.#workers.grow();
        return;
      }
      this.#queue.take(job);
      if (keeper !== undefined) {
        this.#resumeIn(keeper, job);
        continue;
      }
      const module = this.#options.store.get(job.request.module);
      if (module === undefined && !worker.holds(job.request.module)) this.#options.prepare(job);
      else this.#sendTo(worker, job, module);
    }
  }

  #leastLoaded(): LaneWorker | undefined {
    let best: LaneWorker | undefined;
    for (const worker of this.#workers)
      if (worker.hasRoom && (best === undefined || worker.load < best.load)) best = worker;
    if (best === undefined || best.isEmpty) return best;
    // A busy process is only given more while an idle one could not be had instead.
    this.#workers.grow();
    return best;
  }

  /** The process that has kept the job's call, if it can go on there. */
  #keeperOf({ request: { call } }: Job): LaneWorker | undefined {
    if (call === undefined) return undefined;
    for (const worker of this.#workers) if (worker.keeps(call)) return worker;
    return undefined;
  }

  #resumeIn(worker: LaneWorker, job: Job): void {
    const { call = '', journal } = job.request;
    const { batches, journalBytes } = worker.takeKept(call);
    const frame = encodeResume(job.id, call, journal, batches);
    job.journalBytes = journalBytes + frame.length;
    if (job.journalBytes <= MAX_JOURNAL_FRAME_BYTES) return this.#send(worker, job, frame);
    worker.drop(call);
    this.#failJournal(job);
  }

  #sendTo(worker: LaneWorker, job: Job, module: PreparedModule | undefined): void {
    const { module: sha256 } = job.request;
    job.quick = this.#isQuick(job);
    const frame = encodeRun(job.id, job.request, job.quick);
    const inputBytes = Buffer.byteLength(job.request.input);
    if (inputBytes > sandboxLimits.inputBytes)
      return this.#fail(
        job,
        'INPUT_TOO_LARGE',
        `The input has ${inputBytes} bytes; ${sandboxLimits.inputBytes} are allowed.`,
      );
    job.journalBytes = frame.length - inputBytes;
    if (job.journalBytes > MAX_JOURNAL_FRAME_BYTES || frame.length > MAX_FRAME_BYTES) return this.#failJournal(job);
    if (module !== undefined) worker.give(module);
    else worker.refresh(sha256);
    this.#send(worker, job, frame);
  }

  /** A call that may be kept is not: its journal grows, and with it what its runs take. */
  #isQuick({ request, suspected }: Job): boolean {
    return !suspected && request.call === undefined && this.#estimates.isQuick(request);
  }

  #send(worker: LaneWorker, job: Job, frame: Buffer): void {
    job.booked = this.#estimates.of(job.request);
    this.#queue.charge(job.group, job.booked);
    worker.send(job, frame);
  }

  #settle(worker: LaneWorker, job: Job, result: RunResult): void {
    const used = result.usage.cpuMicros;
    this.#queue.charge(job.group, used - job.booked);
    this.#estimates.learn(job.request, used);
    if (job.suspected) this.#estimates.learnAlone(job.request, used);
    this.#workers.considerRetiring(worker);
    this.#options.settle(job, result, result.status === 'failed' && result.code === 'PLUGIN_TRAP' ? 'trap' : undefined);
    this.#dispatch();
  }

  #refuse(job: Job, message: string): void {
    this.#options.settle(job, unavailable(message));
  }

  #failJournal(job: Job): void {
    this.#fail(job, 'JOURNAL_TOO_LARGE', `The journal of a call holds at most ${sandboxLimits.journalBytes} bytes.`);
  }

  #fail(job: Job, code: ErrorCode, message: string): void {
    this.#options.settle(job, failure('plugin', code, message));
  }

  /** Answers or moves the runs that a dead process had. */
  #bury(worker: LaneWorker, death: Death): void {
    const jobs = worker.takeSent();
    if (this.#closed) {
      for (const job of jobs) this.#refuse(job, 'The sandbox was closed.');
      return;
    }
    const activity = death.reason === 'closed' ? undefined : death.activity;
    // Of several nobody can tell which it was.
    if (activity !== undefined && 'runs' in activity && activity.runs.length > 1)
      this.#options.log('a sandbox process died under runs that were started together; each is started again alone');
    const again: Job[] = [];
    // With nothing under way it was over the first that it ended, which it had to start next.
    for (const job of jobs) {
      const culprit = isCulprit(job, activity);
      job.suspected ||= job.started && !culprit;
      job.started = false;
      if (culprit && death.reason === 'deadline') this.#timeOut(job, death);
      else {
        // A process that is ended costs everybody time, which is the group's that ended it.
        const cost = culprit ? weightOf(death) * PROCESS_MICROS : 0;
        this.#queue.charge(job.group, cost - job.booked);
        if (culprit || (activity === undefined && job === jobs[0])) job.crashes += weightOf(death);
        if (job.crashes >= CRASHES_PER_RUN) this.#refuse(job, 'Sandbox processes died under this run.');
        else again.push(job);
      }
    }
    this.#queue.putBack(again);
    this.#workers.grow();
    this.#dispatch();
  }

  #timeOut(job: Job, death: Extract<Death, { reason: 'deadline' }>): void {
    const running = 'runs' in death.activity;
    const { cpuMs, wallMs } = running ? deadlineOfRun(job) : LOAD_DEADLINE;
    const byCpu = death.by === 'cpu';
    const cpuMicros = byCpu ? cpuMs * 1000 : 0;
    if (running && byCpu) {
      this.#estimates.late(job.request, cpuMicros);
      if (job.suspected) this.#estimates.learnAlone(job.request, cpuMicros);
    }
    this.#queue.charge(job.group, cpuMicros - job.booked);
    this.#options.log(`run of module ${job.request.module} was ended at its ${death.by} limit`);
    const limit = byCpu ? `${cpuMs} ms of CPU time` : `${wallMs} ms`;
    const what = running ? 'The run' : 'Starting the module';
    const result = failure(
      death.by === 'starved' ? 'sandbox' : 'plugin',
      byCpu ? 'RUN_CPU_EXCEEDED' : 'PLUGIN_TIMEOUT',
      `${what} took more than ${limit}.`,
      { cpuMicros, memoryBytes: 0 },
    );
    this.#options.settle(job, result, byCpu ? 'cpu' : undefined);
  }
}
