import type { RunRequest, RunResult } from '../contract/run.ts';
import { grantProblem } from './check-module.ts';
import { CpuBudget } from './cpu-budget.ts';
import type { Job, StrikeReason } from './job.ts';
import { Lane } from './lane.ts';
import { ModuleStore, type PreparedModule } from './module-store.ts';
import { RunCounters, type RunStatistics } from './run-counters.ts';
import { failure, unavailable } from './run-failure.ts';
import type { ProcessSandbox, SandboxOptions } from './sandbox-options.ts';
import { StrikeLedger, versionOf, type Quarantine } from './strike-ledger.ts';

const PROCESSES = 2;
const MAX_WAITING = 10_000;
const PATIENCE_MS = 20_000;
const RUNS_PER_PROCESS = 1_000_000;
const PROCESS_GROWTH_BYTES = 512 * 1024 * 1024;

/**
 * The sandbox: whom it lets in and in which lane, and what it remembers of each run. The slow lane has processes of its
 * own, for versions that are new or struck, and for installations whose runs are long, or not known yet, or that have used
 * up their CPU time: whatever they do, the others do not wait for it.
 */
export class SandboxPool implements ProcessSandbox {
  readonly #store: ModuleStore;
  readonly #lane: Lane;
  readonly #slowLane: Lane | undefined;
  readonly #budget = new CpuBudget();
  readonly #ledger = new StrikeLedger();
  readonly #counters = new RunCounters();
  readonly #options: SandboxOptions;
  readonly #maxWaiting: number;
  /** Runs that wait for the bytes of their module. */
  #preparing = 0;
  #nextId = 1;
  #closed = false;
  readonly #endWithParent = () => void this.#closeLanes();

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
    const log = options.log ?? (() => undefined);
    this.#store = new ModuleStore(options.loadModule, log);
    const lane = (processes: number): Lane =>
      new Lane({
        processes,
        patienceMs: options.patienceMs ?? PATIENCE_MS,
        childBundle: options.childBundle,
        runsPerProcess: options.runsPerProcess ?? RUNS_PER_PROCESS,
        processGrowthBytes: options.processGrowthBytes ?? PROCESS_GROWTH_BYTES,
        log,
        store: this.#store,
        prepare: (job) => void this.#prepareAndEnqueue(job),
        settle: (job, result, strike) => this.#settle(job, result, strike),
      });
    this.#lane = lane(options.processes ?? PROCESSES);
    const slow = options.slowProcesses ?? 0;
    this.#slowLane = slow === 0 ? undefined : lane(slow);
    for (const module of options.proven ?? []) this.#ledger.prove(module);
    for (const quarantine of options.quarantined ?? []) this.#ledger.restore(quarantine);
    process.on('exit', this.#endWithParent);
  }

  run(request: RunRequest, onDispatched?: () => void): Promise<RunResult> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve(unavailable('The sandbox is closed.'));
      const { module, installation } = request;
      const quarantine = this.#ledger.quarantineOf(versionOf(request), installation);
      if (quarantine !== undefined) {
        const refused = quarantineFailure(quarantine);
        this.#counters.count(request, refused, undefined);
        return resolve(refused);
      }
      if (this.#waiting() >= this.#maxWaiting) return resolve(unavailable('Too many runs are waiting.'));
      const id = this.#nextId++;
      const job: Job = {
        id,
        request,
        group: request.group,
        resolve,
        onDispatched,
        crashes: 0,
        booked: 0,
        journalBytes: 0,
        sentAt: 0,
        started: false,
        quick: false,
        suspected: false,
      };
      const prepared = this.#store.get(module);
      if (prepared !== undefined) this.#enqueue(job, prepared);
      else void this.#prepareAndEnqueue(job);
    });
  }

  async warm(modules: readonly string[]): Promise<void> {
    const prepared = await Promise.all(modules.map((sha256) => this.#store.prepare(sha256)));
    const good = prepared.filter((module): module is PreparedModule => module.ok);
    // What has not proved itself runs in the slow lane first, and is expected in the other one soon.
    const unproven = good.filter(({ message }) => !this.#ledger.isProven(message.sha256));
    await Promise.all([this.#lane.warm(good), this.#slowLane?.warm(unproven)]);
  }

  pids(): number[] {
    return [...this.#lane.pids(), ...(this.#slowLane?.pids() ?? [])];
  }

  statistics(): RunStatistics[] {
    return this.#counters.read();
  }

  quarantined(): Quarantine[] {
    return this.#ledger.quarantined();
  }

  release(module: string, installation: string): boolean {
    return this.#ledger.release(module, installation);
  }

  async close(): Promise<void> {
    process.off('exit', this.#endWithParent);
    await this.#closeLanes();
  }

  async #closeLanes(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#lane.close(), this.#slowLane?.close()]);
  }

  #waiting(): number {
    return this.#preparing + this.#lane.waiting + (this.#slowLane?.waiting ?? 0);
  }

  #laneFor(request: RunRequest): Lane {
    if (this.#slowLane === undefined) return this.#lane;
    const { installation } = request;
    const isQuick = this.#budget.hasShortRuns(installation) && !this.#budget.isOverdrawn(installation);
    return isQuick && this.#ledger.isProven(versionOf(request)) ? this.#lane : this.#slowLane;
  }

  async #prepareAndEnqueue(job: Job): Promise<void> {
    this.#preparing += 1;
    const prepared = await this.#store.prepare(job.request.module);
    this.#preparing -= 1;
    if (this.#closed) return job.resolve(unavailable('The sandbox was closed.'));
    if (prepared.ok) return this.#enqueue(job, prepared);
    const { fault, code, message } = prepared;
    this.#settle(job, failure(fault, code, message));
  }

  /** The proof of every load: a module runs for a version only as far as that version's manifest goes. */
  #enqueue(job: Job, { capabilities }: PreparedModule): void {
    const problem = grantProblem(capabilities, job.request.grants);
    if (problem === undefined) this.#laneFor(job.request).push(job);
    else this.#settle(job, failure('plugin', 'PERMISSIONS_UNPROVEN', problem));
  }

  #settle(job: Job, result: RunResult, strike?: StrikeReason): void {
    const { request } = job;
    this.#counters.count(request, result, strike);
    if (this.#slowLane !== undefined) this.#budget.charge(request.installation, result.usage.cpuMicros);
    if (strike === undefined) {
      // A program is proven by itself; what is kept over a restart is said of modules.
      if (result.status !== 'failed' && this.#ledger.ranWell(request) && request.program === undefined)
        this.#options.onProven?.(request.module);
    } else this.#strike(request, strike);
    job.resolve(result);
  }

  #strike(request: RunRequest, reason: StrikeReason): void {
    const { group, installation } = request;
    this.#options.onStrike?.({ module: versionOf(request), reason, group, installation });
    const quarantine = this.#ledger.strike(request, reason);
    if (quarantine !== undefined) this.#options.onQuarantine?.(quarantine);
  }
}

function quarantineFailure({ reason, strikes, installation }: Quarantine): RunResult {
  const what = reason === 'cpu' ? 'used up its CPU time' : 'trapped';
  const where = installation === null ? 'in several groups' : 'here';
  return failure(
    'plugin',
    'PLUGIN_QUARANTINED',
    `This version ${what} ${where}, last ${strikes} times within an hour.`,
  );
}
