import type { RunRequest, RunResult } from '../contract/run.ts';
import { sandboxLimits } from '../contract/limits.ts';
import { childBundle } from './child-bundle.ts';
import { FairQueue } from './fair-queue.ts';
import { MAX_FRAME_BYTES, type Frame } from './frames.ts';
import { ModuleStore, type PreparedModule } from './module-store.ts';
import { readResult } from './read-result.ts';
import { encodeRun } from './run-frame.ts';
import { SandboxProcess, type Activity, type Deadline, type Death } from './sandbox-process.ts';
import { failure, unavailable } from './run-failure.ts';
import type { ProcessSandbox, SandboxOptions } from './sandbox-options.ts';

/**
 * The sandbox: a pool of child processes, a fair queue in front of it.
 *
 *   A run is   waiting -> sent -> answered
 *              sent -> waiting     its process died before it was started, or died of itself
 *              sent -> answered    its process was killed at this run's deadline: RUN_CPU_EXCEEDED or PLUGIN_TIMEOUT
 *
 * Runs are pure, so one whose process is gone can simply run again.
 */
interface Job {
  id: number;
  request: RunRequest;
  group: string;
  resolve: (result: RunResult) => void;
  /** How often a process died under it without its deadline being reached. */
  crashes: number;
  /** CPU time booked on the group when it was sent. */
  booked: number;
  started: boolean;
}

interface Worker {
  process: SandboxProcess;
  /** In the order of sending. */
  sent: Map<number, Job>;
  /** Digests of the modules that the child holds, the least recently used first. */
  modules: Set<string>;
  /** Modules that were sent and are not loaded yet, by digest, with who waits for them. */
  loading: Map<string, { started: boolean; waiting: (() => void)[] }>;
  /** CPU time that the sent runs are expected to take, in microseconds. */
  load: number;
  wasReady: boolean;
}

const LOAD_DEADLINE: Deadline = { cpuMs: 1_000, wallMs: 10_000 };
const MODULES_PER_PROCESS = 64;
const MODULES_ESTIMATED = 10_000;
const SENT_RUNS = 32;
/** So much expected work is sent ahead; the rest waits in the fair queue, where order can still be chosen. */
const SENT_MICROS = 4_000;
const FIRST_ESTIMATE_MICROS = 500;
const CRASHES_PER_RUN = 3;
const FAILED_STARTS = 3;
const RESTART_MS = 100;
const RESTART_MAX_MS = 5_000;
const HEAP_MEGABYTES = 256;

export class SandboxPool implements ProcessSandbox {
  readonly #options: Required<Pick<SandboxOptions, 'processes' | 'maxWaiting' | 'patienceMs' | 'log' | 'onStrike'>> &
    SandboxOptions;
  readonly #store: ModuleStore;
  readonly #queue = new FairQueue<Job>();
  readonly #workers = new Set<Worker>();
  readonly #estimates = new Map<string, number>();
  #bundle: Promise<string> | undefined;
  #starting = 0;
  /** Runs that wait for the bytes of their module. */
  #preparing = 0;
  #failedStarts = 0;
  #nextId = 1;
  #closed = false;
  readonly #endWithParent = () => {
    for (const { process: child } of this.#workers) void child.close();
  };

  constructor(options: SandboxOptions) {
    this.#options = {
      ...options,
      processes: options.processes ?? 2,
      maxWaiting: options.maxWaiting ?? 10_000,
      patienceMs: options.patienceMs ?? 20_000,
      log: options.log ?? (() => undefined),
      onStrike: options.onStrike ?? (() => undefined),
    };
    this.#store = new ModuleStore(options.loadModule, this.#options.log);
    process.on('exit', this.#endWithParent);
  }

  run(request: RunRequest): Promise<RunResult> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve(unavailable('The sandbox is closed.'));
      if (this.#queue.size + this.#preparing >= this.#options.maxWaiting)
        return resolve(unavailable('Too many runs are waiting.'));
      const job: Job = {
        id: this.#nextId++,
        request,
        group: request.group,
        resolve,
        crashes: 0,
        booked: 0,
        started: false,
      };
      if (this.#store.get(request.module) !== undefined) this.#enqueue(job);
      else void this.#prepareAndEnqueue(job);
    });
  }

  async warm(modules: readonly string[]): Promise<void> {
    const prepared = await Promise.all(modules.map((sha256) => this.#store.prepare(sha256)));
    while (this.#mayStart()) await this.#startWorker();
    const loads: Promise<void>[] = [];
    for (const worker of this.#workers)
      for (const module of prepared) {
        if (!module.ok) continue;
        this.#giveModule(worker, module);
        const load = worker.loading.get(module.message.sha256);
        if (load !== undefined) loads.push(new Promise((resolve) => load.waiting.push(resolve)));
      }
    await Promise.all(loads);
  }

  pids(): number[] {
    return [...this.#workers].flatMap(({ process: child }) => child.pid ?? []);
  }

  async close(): Promise<void> {
    this.#closed = true;
    process.off('exit', this.#endWithParent);
    for (const job of this.#queue.takeAll()) job.resolve(unavailable('The sandbox was closed.'));
    await Promise.all([...this.#workers].map(({ process: child }) => child.close()));
  }

  async #prepareAndEnqueue(job: Job): Promise<void> {
    this.#preparing += 1;
    const prepared = await this.#store.prepare(job.request.module);
    this.#preparing -= 1;
    if (this.#closed) return job.resolve(unavailable('The sandbox was closed.'));
    if (prepared.ok) return this.#enqueue(job);
    const { fault, code, message } = prepared;
    job.resolve(failure(fault, code, message));
  }

  #enqueue(job: Job): void {
    this.#queue.push(job);
    this.#dispatch();
  }

  /** Sends waiting runs as long as a process has room. */
  #dispatch(): void {
    for (let job = this.#queue.peek(); job !== undefined; job = this.#queue.peek()) {
      const worker = this.#leastLoaded();
      if (worker === undefined) {
        this.#grow();
        return;
      }
      this.#queue.take(job);
      const module = this.#store.get(job.request.module);
      if (module === undefined && !worker.modules.has(job.request.module)) void this.#prepareAndEnqueue(job);
      else this.#sendTo(worker, job, module);
    }
  }

  #leastLoaded(): Worker | undefined {
    let best: Worker | undefined;
    for (const worker of this.#workers) {
      if (worker.process.state !== 'ready' || worker.sent.size >= SENT_RUNS) continue;
      if (worker.sent.size > 0 && worker.load >= SENT_MICROS) continue;
      if (best === undefined || worker.load < best.load) best = worker;
    }
    if (best === undefined || best.sent.size === 0) return best;
    // A busy process is only given more while an idle one could not be had instead.
    this.#grow();
    return best;
  }

  #sendTo(worker: Worker, job: Job, module: PreparedModule | undefined): void {
    const { module: sha256 } = job.request;
    const frame = encodeRun(job.id, job.request);
    if (frame.length > MAX_FRAME_BYTES)
      return job.resolve(failure('plugin', 'JOURNAL_TOO_LARGE', 'Input and journal together are too large for a run.'));
    if (module !== undefined) this.#giveModule(worker, module);
    else refresh(worker.modules, sha256);
    job.booked = this.#estimates.get(sha256) ?? FIRST_ESTIMATE_MICROS;
    worker.load += job.booked;
    this.#queue.charge(job.group, job.booked);
    worker.sent.set(job.id, job);
    worker.process.hold(true);
    worker.process.sendRun(frame);
  }

  #giveModule(worker: Worker, { message, bytes }: PreparedModule): void {
    const known = worker.modules.has(message.sha256);
    refresh(worker.modules, message.sha256);
    if (known) return;
    for (const oldest of worker.modules) {
      if (worker.modules.size <= MODULES_PER_PROCESS) break;
      worker.modules.delete(oldest);
      worker.process.forgetModule(oldest);
    }
    worker.loading.set(message.sha256, { started: false, waiting: [] });
    worker.process.hold(true);
    worker.process.sendModule(message, bytes);
  }

  /** Starts one more process unless there are enough or one is on its way. */
  #grow(): void {
    if (this.#mayStart()) void this.#startWorker();
  }

  #mayStart(): boolean {
    const { processes } = this.#options;
    const hopeless = this.#failedStarts >= FAILED_STARTS && this.#queue.size === 0;
    return !this.#closed && !hopeless && this.#starting === 0 && this.#workers.size < processes;
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
        for (const job of this.#queue.takeAll()) job.resolve(unavailable('No sandbox process can be started.'));
      this.#dispatch();
    }
  }

  #addWorker(bundle: string, settled: () => void): void {
    const sent = new Map<number, Job>();
    const worker: Worker = {
      sent,
      modules: new Set(),
      load: 0,
      loading: new Map(),
      wasReady: false,
      process: new SandboxProcess(
        { bundle, heapMegabytes: HEAP_MEGABYTES, patienceMs: this.#options.patienceMs, log: this.#options.log },
        (activity) => deadlineOf(activity, worker),
        {
          ready: () => {
            worker.wasReady = true;
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
            if (!worker.wasReady) this.#failedStarts += 1;
            this.#workers.delete(worker);
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
    const { id, result } = readResult(frame.header, frame.body);
    const job = worker.sent.get(id);
    if (job === undefined) throw new Error('a result of no run');
    this.#settle(worker, job, result);
    this.#dispatch();
  }

  #settle(worker: Worker, job: Job, result: RunResult): void {
    const { module, group, installation } = job.request;
    worker.sent.delete(job.id);
    worker.load -= job.booked;
    // An idle sandbox does not keep a program alive that has nothing else to do.
    if (worker.sent.size === 0 && worker.loading.size === 0) worker.process.hold(false);
    const used = result.usage.cpuMicros;
    this.#queue.charge(group, used - job.booked);
    const before = this.#estimates.get(module);
    if (this.#estimates.size > MODULES_ESTIMATED) this.#estimates.clear();
    this.#estimates.set(module, before === undefined ? used : before + (used - before) / 8);
    if (result.status === 'failed' && result.code === 'PLUGIN_TRAP')
      this.#options.onStrike({ module, reason: 'trap', group, installation });
    job.resolve(result);
  }

  /** Answers or moves the runs that a dead process had. */
  #bury(worker: Worker, death: Death): void {
    const jobs = [...worker.sent.values()];
    if (this.#closed) {
      for (const job of jobs) job.resolve(unavailable('The sandbox was closed.'));
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
        if (culprit || activity === undefined) job.crashes += 1;
        if (job.crashes >= CRASHES_PER_RUN) job.resolve(unavailable('Sandbox processes died under this run.'));
        else again.push(job);
      }
    }
    this.#queue.putBack(again);
    this.#grow();
    this.#dispatch();
  }

  #timeOut(job: Job, death: Extract<Death, { reason: 'deadline' }>): void {
    const { module, group, installation } = job.request;
    const { cpuMs, wallMs } = 'run' in death.activity ? deadlineFor(job) : LOAD_DEADLINE;
    const cpuMicros = death.by === 'cpu' ? cpuMs * 1000 : 0;
    this.#queue.charge(group, cpuMicros - job.booked);
    if (death.by === 'cpu') this.#options.onStrike({ module, reason: 'cpu', group, installation });
    this.#options.log(`run of module ${module} was ended at its ${death.by} limit`);
    const limit = death.by === 'cpu' ? `${cpuMs} ms of CPU time` : `${wallMs} ms`;
    const what = 'run' in death.activity ? 'The run' : 'Starting the module';
    const code = death.by === 'cpu' ? 'RUN_CPU_EXCEEDED' : 'PLUGIN_TIMEOUT';
    const fault = death.by === 'starved' ? 'sandbox' : 'plugin';
    job.resolve(failure(fault, code, `${what} took more than ${limit}.`, { cpuMicros, memoryBytes: 0 }));
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

function refresh(set: Set<string>, value: string): void {
  set.delete(value);
  set.add(value);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
