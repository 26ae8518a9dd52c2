import { sandboxLimits } from '../contract/limits.ts';
import type { RunResult } from '../contract/run.ts';
import { answerProblem } from './answer-problem.ts';
import type { Activity, Deadline } from './deadline-watch.ts';
import type { Frame } from './frames.ts';
import type { Job } from './job.ts';
import type { PreparedModule } from './module-store.ts';
import { ParkedCalls } from './parked-calls.ts';
import { processMemoryBytes } from './process-memory.ts';
import { TOGETHER_CPU_MS } from './read-activity.ts';
import { readResult } from './read-result.ts';
import { SandboxProcess, type Death, type ProcessOptions } from './sandbox-process.ts';

export interface WorkerEvents {
  ready(): void;
  /** A result, checked against its run, which the worker has no more. */
  answered(job: Job, result: RunResult): void;
  dead(death: Death): void;
}

/** For a module that is loaded; a run has its own. */
export const LOAD_DEADLINE: Deadline = { cpuMs: 1_000, wallMs: 10_000 };
/** For runs that were started together, each of which is known to take less than a millisecond. */
const TOGETHER_DEADLINE: Deadline = { cpuMs: TOGETHER_CPU_MS, wallMs: 1_000 };
const MODULES_PER_PROCESS = 64;
const SENT_RUNS = 32;
/** So much expected work is sent ahead; the rest waits in the fair queue, where order can still be chosen. */
export const SENT_MICROS = 4_000;

/**
 * One process of a lane with what it was given: modules, runs in the order of sending, and calls that it keeps.
 *
 *   works -> retires -> ends    it gets nothing new, and ends with its last run
 */
export class LaneWorker {
  readonly #process: SandboxProcess;
  readonly #events: WorkerEvents;
  readonly #sent = new Map<number, Job>();
  /** Digests of the modules that the child holds, with their engines; the least recently used first. */
  readonly #modules = new Map<string, string | undefined>();
  /** Modules that were sent and are not loaded yet, by digest, with who waits for them. */
  readonly #loading = new Map<string, { started: boolean; waiting: (() => void)[] }>();
  readonly #parked = new ParkedCalls();
  /** CPU time that the sent runs are expected to take, in microseconds. */
  #load = 0;
  #runs = 0;
  /** Resident memory when it was ready, in bytes. */
  #firstBytes = 0;
  #wasReady = false;
  #retires = false;

  constructor(options: ProcessOptions, events: WorkerEvents) {
    this.#events = events;
    this.#process = new SandboxProcess(options, (activity) => this.#deadlineOf(activity), {
      ready: () => {
        this.#wasReady = true;
        this.#firstBytes = this.#memoryBytes();
        this.#process.hold(!this.#isIdle());
        events.ready();
      },
      loaded: (module) => {
        const load = this.#loading.get(module);
        this.#loading.delete(module);
        for (const resolve of load?.waiting ?? []) resolve();
        this.#rest();
      },
      result: (frame) => this.#answer(frame),
      dead: (death) => {
        for (const { waiting } of this.#loading.values()) for (const resolve of waiting) resolve();
        events.dead(death);
      },
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get load(): number {
    return this.#load;
  }

  get runs(): number {
    return this.#runs;
  }

  get wasReady(): boolean {
    return this.#wasReady;
  }

  get retires(): boolean {
    return this.#retires;
  }

  get isEmpty(): boolean {
    return this.#sent.size === 0;
  }

  /** Whether it may be sent a run that is not its own already. */
  get hasRoom(): boolean {
    if (this.#process.state !== 'ready' || this.#retires || this.#sent.size >= SENT_RUNS) return false;
    return this.isEmpty || this.#load < SENT_MICROS;
  }

  holds(sha256: string): boolean {
    return this.#modules.has(sha256);
  }

  /** Whether the call can go on in an instance that was kept here. */
  keeps(call: string): boolean {
    return this.#process.state === 'ready' && this.#parked.has(call);
  }

  takeKept(call: string): { batches: number; journalBytes: number } {
    return this.#parked.take(call) ?? { batches: 0, journalBytes: 0 };
  }

  /** The instance that was kept of a call is not needed any more. */
  drop(call: string): void {
    this.#process.unpark(call);
  }

  /** Gives it a module; resolved when that is loaded, or can never be. */
  loaded(module: PreparedModule): Promise<void> {
    this.give(module);
    const load = this.#loading.get(module.message.sha256);
    return load === undefined ? Promise.resolve() : new Promise((resolve) => load.waiting.push(resolve));
  }

  give({ message, code }: PreparedModule): void {
    const { sha256 } = message;
    if (this.#modules.has(sha256)) return this.refresh(sha256);
    for (const oldest of this.#modules.keys()) {
      if (this.#modules.size < MODULES_PER_PROCESS) break;
      this.#modules.delete(oldest);
      this.#process.forgetModule(oldest);
    }
    this.#loading.set(sha256, { started: false, waiting: [] });
    this.#process.hold(true);
    if (!code.split) this.#process.sendModule(message, code.bytes);
    else {
      const { engine, pages, image } = code;
      // The child holds an engine as long as a module of it.
      const bytes = [...this.#modules.values()].includes(engine.key) ? [] : [engine.bytes];
      const split = { engine: engine.key, engineBytes: bytes[0]?.length ?? 0, pages };
      this.#process.sendModule({ ...message, split }, ...bytes, image);
    }
    this.#modules.set(sha256, code.split ? code.engine.key : undefined);
  }

  /** Makes it the module that was used last. */
  refresh(sha256: string): void {
    const engine = this.#modules.get(sha256);
    this.#modules.delete(sha256);
    this.#modules.set(sha256, engine);
  }

  send(job: Job, frame: Buffer): void {
    this.#load += job.booked;
    job.sentAt = performance.now();
    this.#sent.set(job.id, job);
    this.#process.hold(true);
    this.#process.sendRun(frame);
    job.onDispatched?.();
  }

  /** Memory that it has taken on since it was ready, in bytes. */
  grownBytes(): number {
    return this.#memoryBytes() - this.#firstBytes;
  }

  retire(): void {
    this.#retires = true;
    this.#rest();
  }

  /** What it was sent and has not answered, in order; it has it no more. */
  takeSent(): Job[] {
    const jobs = [...this.#sent.values()];
    this.#sent.clear();
    return jobs;
  }

  /** Ends it; resolved when it is gone. */
  close(): Promise<void> {
    return this.#process.close();
  }

  #answer(frame: Frame): void {
    const { id, parked, result } = readResult(frame.header, frame.body);
    const job = this.#sent.get(id);
    if (job === undefined) throw new Error('a result of no run');
    if (this.#process.runUnderWay !== id) throw new Error('a result of a run that was not under way');
    const problem = answerProblem(job.request, result);
    if (problem !== undefined) throw new Error(`a run that ${problem}`);
    // A run has not taken longer than it is away.
    const awayMicros = Math.ceil((performance.now() - job.sentAt) * 1000);
    result.usage.cpuMicros = Math.min(result.usage.cpuMicros, awayMicros);
    if (parked) this.#park(job, result.usage.memoryBytes);
    // From here on nothing is wrong with the answer: a job that is not sent any more would never be answered.
    this.#sent.delete(id);
    this.#load -= job.booked;
    this.#runs += 1;
    this.#events.answered(job, result);
    this.#rest();
  }

  /** Keeps the instance of a call that waits. */
  #park({ request, journalBytes }: Job, bytes: number): void {
    const { call, journal } = request;
    if (call === undefined) throw new Error('a call without a name was kept');
    const parked = { batches: journal.batches.length, journalBytes, bytes };
    for (const dropped of this.#parked.park(call, parked)) this.#process.unpark(dropped);
  }

  /** An idle sandbox does not keep a program alive that has nothing else to do. */
  #rest(): void {
    if (!this.#isIdle()) return;
    if (this.#retires) void this.#process.close();
    else this.#process.hold(false);
  }

  #isIdle(): boolean {
    return this.#sent.size === 0 && this.#loading.size === 0;
  }

  /**
   * Whatever starts must have been sent, and starts once: a child that starts it again would never be late. Runs start in
   * the order of sending: one that the child passes over would wait for ever.
   */
  #deadlineOf(activity: Activity): Deadline {
    if ('loading' in activity) {
      const load = this.#loading.get(activity.loading);
      if (load === undefined || load.started) throw new Error('a module is loaded that was not sent');
      load.started = true;
      return LOAD_DEADLINE;
    }
    const { runs } = activity;
    // What started before was answered, so these are the first.
    const next = this.#sent.values();
    const jobs = runs.map((run) => {
      const job = next.next().value;
      if (job?.id !== run) throw new Error('a run started that was not sent, or was not the next');
      return job;
    });
    if (jobs.length > 1 && !jobs.every((job) => job.quick)) throw new Error('runs started together that may not');
    for (const job of jobs) job.started = true;
    const [first] = jobs;
    return jobs.length > 1 || first === undefined ? TOGETHER_DEADLINE : deadlineOfRun(first);
  }

  #memoryBytes(): number {
    return this.pid === undefined ? 0 : (processMemoryBytes(this.pid) ?? 0);
  }
}

export function deadlineOfRun({ request: { limits } }: Job): Deadline {
  return {
    cpuMs: limits?.runCpuMs ?? sandboxLimits.runCpuMs,
    wallMs: limits?.runWallMs ?? sandboxLimits.runWallMs,
  };
}
