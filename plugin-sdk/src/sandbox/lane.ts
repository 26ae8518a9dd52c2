import type { ErrorCode } from '../contract/error-codes.ts';
import type { RunResult } from '../contract/run.ts';
import { sandboxLimits } from '../contract/limits.ts';
import { answerProblem } from './answer-problem.ts';
import { childBundle } from './child-bundle.ts';
import { FairQueue } from './fair-queue.ts';
import { MAX_FRAME_BYTES, type Frame } from './frames.ts';
import type { Job, StrikeReason } from './job.ts';
import type { ModuleStore, PreparedModule } from './module-store.ts';
import { ParkedCalls } from './parked-calls.ts';
import { processMemoryBytes } from './process-memory.ts';
import { readResult } from './read-result.ts';
import { encodeResume, encodeRun } from './run-frame.ts';
import { SandboxProcess, type Activity, type Deadline, type Death } from './sandbox-process.ts';
import { failure, unavailable } from './run-failure.ts';

/**
 * Some processes with a fair queue in front of them.
 *
 *   A run is   waiting -> sent -> answered
 *              sent -> waiting     its process died before it was started, or died of itself
 *              sent -> answered    its process was killed at this run's deadline: RUN_CPU_EXCEEDED or PLUGIN_TIMEOUT
 *
 *   A process  works -> retires -> ends    after `runsPerProcess` runs or when its memory has grown: it gets nothing new,
 *                                          another takes its place, and it ends with its last run
 *
 * Runs are pure, so one whose process is gone can simply run again.
 */
export interface LaneOptions {
  /** How many processes at most. */
  processes: number;
  patienceMs: number;
  childBundle: string | undefined;
  runsPerProcess: number;
  /** Memory that a process may take on over what it had when it was ready. */
  processGrowthBytes: number;
  log: (message: string) => void;
  store: ModuleStore;
  /** The job's module is no longer at hand. */
  prepare: (job: Job) => void;
  /** Answers the job. */
  settle: (job: Job, result: RunResult, strike?: StrikeReason) => void;
}

interface Worker {
  process: SandboxProcess;
  /** In the order of sending. */
  sent: Map<number, Job>;
  /** Digests of the modules that the child holds, with their engines; the least recently used first. */
  modules: Map<string, string | undefined>;
  /** Calls that wait for answers in an instance of the child. */
  parked: ParkedCalls;
  /** Modules that were sent and are not loaded yet, by digest, with who waits for them. */
  loading: Map<string, { started: boolean; waiting: (() => void)[] }>;
  /** CPU time that the sent runs are expected to take, in microseconds. */
  load: number;
  wasReady: boolean;
  runs: number;
  /** Resident memory when it was ready, in bytes. */
  firstBytes: number;
  retires: boolean;
}

const LOAD_DEADLINE: Deadline = { cpuMs: 1_000, wallMs: 10_000 };
const MODULES_PER_PROCESS = 64;
const MODULES_ESTIMATED = 10_000;
const SENT_RUNS = 32;
/** So much expected work is sent ahead; the rest waits in the fair queue, where order can still be chosen. */
const SENT_MICROS = 4_000;
/** Of a module that has not run here: nothing is sent behind it before it is known. */
const FIRST_ESTIMATE_MICROS = SENT_MICROS;
const CRASHES_PER_RUN = 3;
const FAILED_STARTS = 3;
/** What a process that was killed from outside counts as a crash. Not nothing: the kernel kills for want of memory. */
const KILLED_COUNTS = 0.1;
const RESTART_MS = 100;
const RESTART_MAX_MS = 5_000;
/** An allowance for what frames hold beside the answers: digests of asks, escapes. */
const MAX_JOURNAL_FRAME_BYTES = sandboxLimits.journalBytes + 256 * 1024;
/** How many runs go by between two looks at a process's memory. */
const RUNS_PER_LOOK = 500;
const HEAP_MEGABYTES = 256;

export class Lane {
  readonly #options: LaneOptions;
  readonly #queue = new FairQueue<Job>();
  readonly #workers = new Set<Worker>();
  readonly #estimates = new Map<string, number>();
  #bundle: Promise<string> | undefined;
  #starting = 0;
  #failedStarts = 0;
  /** Processes that get nothing new. */
  #retiring = 0;
  #closed = false;

  constructor(options: LaneOptions) {
    this.#options = options;
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
    while (this.#mayStart()) await this.#startWorker();
    const loads: Promise<void>[] = [];
    for (const worker of this.#workers)
      for (const module of modules) {
        this.#giveModule(worker, module);
        const load = worker.loading.get(module.message.sha256);
        if (load !== undefined) loads.push(new Promise((resolve) => load.waiting.push(resolve)));
      }
    await Promise.all(loads);
  }

  pids(): number[] {
    return [...this.#workers].flatMap(({ process: child }) => child.pid ?? []);
  }

  /** Ends every process; resolved when they are gone. What waits or is under way is answered as unavailable. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.takeAll()) this.#refuse(job, 'The sandbox was closed.');
    await Promise.all([...this.#workers].map(({ process: child }) => child.close()));
  }

  /** Sends waiting runs as long as a process has room. */
  #dispatch(): void {
    for (let job = this.#queue.peek(); job !== undefined; job = this.#queue.peek()) {
      const keeper = this.#keeperOf(job);
      const worker = keeper ?? this.#leastLoaded();
      if (worker === undefined) {
        this.#grow();
        return;
      }
      this.#queue.take(job);
      if (keeper !== undefined) {
        this.#resumeIn(keeper, job);
        continue;
      }
      const module = this.#options.store.get(job.request.module);
      if (module === undefined && !worker.modules.has(job.request.module)) this.#options.prepare(job);
      else this.#sendTo(worker, job, module);
    }
  }

  #leastLoaded(): Worker | undefined {
    let best: Worker | undefined;
    for (const worker of this.#workers) {
      if (worker.process.state !== 'ready' || worker.retires || worker.sent.size >= SENT_RUNS) continue;
      if (worker.sent.size > 0 && worker.load >= SENT_MICROS) continue;
      if (best === undefined || worker.load < best.load) best = worker;
    }
    if (best === undefined || best.sent.size === 0) return best;
    // A busy process is only given more while an idle one could not be had instead.
    this.#grow();
    return best;
  }

  /** The process that has kept the job's call, if it can go on there. */
  #keeperOf({ request: { call } }: Job): Worker | undefined {
    if (call === undefined) return undefined;
    for (const worker of this.#workers) if (worker.process.state === 'ready' && worker.parked.has(call)) return worker;
    return undefined;
  }

  #resumeIn(worker: Worker, job: Job): void {
    const { call = '', journal } = job.request;
    const { batches = 0, journalBytes = 0 } = worker.parked.take(call) ?? {};
    const frame = encodeResume(job.id, call, journal, batches);
    job.journalBytes = journalBytes + frame.length;
    if (job.journalBytes <= MAX_JOURNAL_FRAME_BYTES) return this.#send(worker, job, frame);
    worker.process.unpark(call);
    this.#failJournal(job);
  }

  #sendTo(worker: Worker, job: Job, module: PreparedModule | undefined): void {
    const { module: sha256 } = job.request;
    const frame = encodeRun(job.id, job.request);
    const inputBytes = Buffer.byteLength(job.request.input);
    if (inputBytes > sandboxLimits.inputBytes)
      return this.#fail(
        job,
        'INPUT_TOO_LARGE',
        `The input has ${inputBytes} bytes; ${sandboxLimits.inputBytes} are allowed.`,
      );
    job.journalBytes = frame.length - inputBytes;
    if (job.journalBytes > MAX_JOURNAL_FRAME_BYTES || frame.length > MAX_FRAME_BYTES) return this.#failJournal(job);
    if (module !== undefined) this.#giveModule(worker, module);
    else refresh(worker.modules, sha256);
    this.#send(worker, job, frame);
  }

  #send(worker: Worker, job: Job, frame: Buffer): void {
    job.booked = this.#estimates.get(job.request.module) ?? FIRST_ESTIMATE_MICROS;
    worker.load += job.booked;
    this.#queue.charge(job.group, job.booked);
    job.sentAt = performance.now();
    worker.sent.set(job.id, job);
    worker.process.hold(true);
    worker.process.sendRun(frame);
  }

  #giveModule(worker: Worker, { message, code }: PreparedModule): void {
    const { sha256 } = message;
    if (worker.modules.has(sha256)) return refresh(worker.modules, sha256);
    for (const oldest of worker.modules.keys()) {
      if (worker.modules.size < MODULES_PER_PROCESS) break;
      worker.modules.delete(oldest);
      worker.process.forgetModule(oldest);
    }
    worker.loading.set(sha256, { started: false, waiting: [] });
    worker.process.hold(true);
    if (!code.split) worker.process.sendModule(message, code.bytes);
    else {
      const { engine, pages, image } = code;
      // The child holds an engine as long as a module of it.
      const bytes = [...worker.modules.values()].includes(engine.key) ? [] : [engine.bytes];
      const split = { engine: engine.key, engineBytes: bytes[0]?.length ?? 0, pages };
      worker.process.sendModule({ ...message, split }, ...bytes, image);
    }
    worker.modules.set(sha256, code.split ? code.engine.key : undefined);
  }

  /** Starts one more process unless there are enough or one is on its way. */
  #grow(): void {
    if (this.#mayStart()) void this.#startWorker();
  }

  #mayStart(): boolean {
    const { processes } = this.#options;
    if (this.#closed || this.#starting > 0 || this.#workers.size - this.#retiring >= processes) return false;
    return this.#failedStarts < FAILED_STARTS || this.#queue.size > 0;
  }

  async #startWorker(): Promise<void> {
    this.#starting += 1;
    try {
      if (this.#failedStarts > 0) await sleep(Math.min(RESTART_MAX_MS, RESTART_MS * 2 ** this.#failedStarts));
      this.#bundle ??=
        this.#options.childBundle === undefined ? childBundle() : Promise.resolve(this.#options.childBundle);
      const bundle = await this.#bundle;
      if (this.#closed) return;
      await new Promise<void>((resolve) => this.#addWorker(bundle, resolve));
    } catch (error) {
      this.#options.log(`no sandbox process can be started: ${error instanceof Error ? error.message : String(error)}`);
      this.#bundle = undefined;
      this.#failedStarts += 1;
    } finally {
      this.#starting -= 1;
      if (this.#failedStarts >= FAILED_STARTS && this.#workers.size === 0)
        for (const job of this.#queue.takeAll()) this.#refuse(job, 'No sandbox process can be started.');
      this.#dispatch();
    }
  }

  #addWorker(bundle: string, settled: () => void): void {
    const sent = new Map<number, Job>();
    const worker: Worker = {
      sent,
      modules: new Map(),
      parked: new ParkedCalls(),
      load: 0,
      loading: new Map(),
      wasReady: false,
      runs: 0,
      firstBytes: 0,
      retires: false,
      process: new SandboxProcess(
        { bundle, heapMegabytes: HEAP_MEGABYTES, patienceMs: this.#options.patienceMs, log: this.#options.log },
        (activity) => deadlineOf(activity, worker),
        {
          ready: () => {
            worker.wasReady = true;
            worker.firstBytes = memoryOf(worker);
            worker.process.hold(sent.size > 0 || worker.loading.size > 0);
            this.#failedStarts = 0;
            settled();
          },
          loaded: (module) => {
            const load = worker.loading.get(module);
            worker.loading.delete(module);
            for (const resolve of load?.waiting ?? []) resolve();
            if (sent.size === 0 && worker.loading.size === 0) worker.process.hold(false);
          },
          result: (frame) => this.#answer(worker, frame),
          dead: (death) => {
            if (!worker.wasReady) this.#failedStarts += weightOf(death);
            this.#workers.delete(worker);
            if (worker.retires) this.#retiring -= 1;
            for (const { waiting } of worker.loading.values()) for (const resolve of waiting) resolve();
            this.#bury(worker, death);
            settled();
          },
        },
      ),
    };
    this.#workers.add(worker);
  }

  #answer(worker: Worker, frame: Frame): void {
    const { id, parked, result } = readResult(frame.header, frame.body);
    const job = worker.sent.get(id);
    if (job === undefined) throw new Error('a result of no run');
    const { activity } = worker.process;
    // Only a run that could not be started is answered without a start.
    if (activity === undefined ? result.status !== 'failed' : !('run' in activity) || activity.run !== id)
      throw new Error('a result of a run that was not under way');
    const problem = answerProblem(job.request, result);
    if (problem !== undefined) throw new Error(`a run that ${problem}`);
    // A run has not taken longer than it is away.
    const awayMicros = Math.ceil((performance.now() - job.sentAt) * 1000);
    result.usage.cpuMicros = Math.min(result.usage.cpuMicros, awayMicros);
    if (parked) this.#park(worker, job, result.usage.memoryBytes);
    this.#settle(worker, job, result);
    this.#dispatch();
  }

  #park(worker: Worker, { request, journalBytes }: Job, bytes: number): void {
    const { call, journal } = request;
    if (call === undefined) throw new Error('a call without a name was kept');
    const parked = { batches: journal.batches.length, journalBytes, bytes };
    for (const dropped of worker.parked.park(call, parked)) worker.process.unpark(dropped);
  }

  #settle(worker: Worker, job: Job, result: RunResult): void {
    const { module, group } = job.request;
    worker.sent.delete(job.id);
    worker.load -= job.booked;
    worker.runs += 1;
    const used = result.usage.cpuMicros;
    this.#queue.charge(group, used - job.booked);
    const before = this.#estimates.get(module);
    if (this.#estimates.size > MODULES_ESTIMATED) this.#estimates.clear();
    this.#estimates.set(module, before === undefined ? used : before + (used - before) / 8);
    if (worker.runs % RUNS_PER_LOOK === 0 || worker.runs >= this.#options.runsPerProcess)
      this.#considerRetiring(worker);
    if (worker.sent.size === 0 && worker.loading.size === 0) {
      // An idle sandbox does not keep a program alive that has nothing else to do.
      if (worker.retires) void worker.process.close();
      else worker.process.hold(false);
    }
    this.#options.settle(job, result, result.status === 'failed' && result.code === 'PLUGIN_TRAP' ? 'trap' : undefined);
  }

  /** Whatever a plugin may have left behind in a process does not stay for ever. */
  #considerRetiring(worker: Worker): void {
    if (worker.retires) return;
    const grown = memoryOf(worker) - worker.firstBytes;
    const { runsPerProcess, processGrowthBytes, log } = this.#options;
    if (worker.runs < runsPerProcess && grown < processGrowthBytes) return;
    log(`a sandbox process is replaced after ${worker.runs} runs, grown by ${Math.round(grown / 2 ** 20)} MiB`);
    worker.retires = true;
    this.#retiring += 1;
    this.#grow();
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
  #bury(worker: Worker, death: Death): void {
    const jobs = [...worker.sent.values()];
    if (this.#closed) {
      for (const job of jobs) this.#refuse(job, 'The sandbox was closed.');
      return;
    }
    const activity = death.reason === 'closed' ? undefined : death.activity;
    const isCulprit = (job: Job): boolean => {
      if (activity === undefined) return false;
      return 'run' in activity ? activity.run === job.id : activity.loading === job.request.module;
    };
    const again: Job[] = [];
    for (const job of jobs) {
      worker.sent.delete(job.id);
      job.started = false;
      const culprit = isCulprit(job);
      if (culprit && death.reason === 'deadline') this.#timeOut(job, death);
      else {
        this.#queue.charge(job.group, -job.booked);
        if (culprit || activity === undefined) job.crashes += weightOf(death);
        if (job.crashes >= CRASHES_PER_RUN) this.#refuse(job, 'Sandbox processes died under this run.');
        else again.push(job);
      }
    }
    this.#queue.putBack(again);
    this.#grow();
    this.#dispatch();
  }

  #timeOut(job: Job, death: Extract<Death, { reason: 'deadline' }>): void {
    const { cpuMs, wallMs } = 'run' in death.activity ? deadlineFor(job) : LOAD_DEADLINE;
    const byCpu = death.by === 'cpu';
    const cpuMicros = byCpu ? cpuMs * 1000 : 0;
    this.#queue.charge(job.group, cpuMicros - job.booked);
    this.#options.log(`run of module ${job.request.module} was ended at its ${death.by} limit`);
    const limit = byCpu ? `${cpuMs} ms of CPU time` : `${wallMs} ms`;
    const what = 'run' in death.activity ? 'The run' : 'Starting the module';
    const result = failure(
      death.by === 'starved' ? 'sandbox' : 'plugin',
      byCpu ? 'RUN_CPU_EXCEEDED' : 'PLUGIN_TIMEOUT',
      `${what} took more than ${limit}.`,
      { cpuMicros, memoryBytes: 0 },
    );
    this.#options.settle(job, result, byCpu ? 'cpu' : undefined);
  }
}

/** Whatever starts must have been sent, and starts once: a child that starts it again would never be late. */
function deadlineOf(activity: Activity, { sent, loading }: Worker): Deadline {
  if ('loading' in activity) {
    const load = loading.get(activity.loading);
    if (load === undefined || load.started) throw new Error('a module is loaded that was not sent');
    load.started = true;
    return LOAD_DEADLINE;
  }
  const job = sent.get(activity.run);
  if (job === undefined) throw new Error('a run started that was not sent');
  if (job.started) throw new Error('a run started twice');
  job.started = true;
  return deadlineFor(job);
}

function deadlineFor({ request: { limits } }: Job): Deadline {
  return {
    cpuMs: limits?.runCpuMs ?? sandboxLimits.runCpuMs,
    wallMs: limits?.runWallMs ?? sandboxLimits.runWallMs,
  };
}

function weightOf(death: Death): number {
  return death.reason === 'crashed' && death.killed ? KILLED_COUNTS : 1;
}

function memoryOf({ process: child }: Worker): number {
  return child.pid === undefined ? 0 : (processMemoryBytes(child.pid) ?? 0);
}

/** Makes it the one that was used last. */
function refresh(modules: Worker['modules'], sha256: string): void {
  const engine = modules.get(sha256);
  modules.delete(sha256);
  modules.set(sha256, engine);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
