import type { ErrorCode } from '../contract/error-codes.ts';
import type { RunRequest, RunResult } from '../contract/run.ts';
import type { StrikeReason } from './job.ts';

/** What an operator sees of one version in one installation, since the sandbox was made. */
export interface RunStatistics {
  /** sha256 of the module. */
  module: string;
  group: string;
  installation: string;
  runs: number;
  errors: Partial<Record<ErrorCode, number>>;
  cpuMicrosTotal: number;
  /** Upper bounds, at most a fifth too high. */
  cpuMicrosP50: number;
  cpuMicrosP99: number;
  memoryBytesMax: number;
  strikes: Record<StrikeReason, number>;
  /** Milliseconds since the epoch. */
  lastRunAt: number;
}

interface Counters {
  request: Pick<RunRequest, 'module' | 'group' | 'installation'>;
  runs: number;
  errors: Partial<Record<ErrorCode, number>>;
  cpuMicrosTotal: number;
  /** How many runs took so long, by a quarter of a power of two. */
  histogram: Uint32Array;
  memoryBytesMax: number;
  strikes: Record<StrikeReason, number>;
  lastRunAt: number;
}

const STEPS_PER_DOUBLING = 4;
/** Up to two to the power of 26 microseconds: a minute. */
const BUCKETS = 26 * STEPS_PER_DOUBLING;
const KEPT = 10_000;

/** Counts runs by installation and module. Bounded: the installation that was seen first is dropped first. */
export class RunCounters {
  readonly #byInstallation = new Map<string, Map<string, Counters>>();

  count(request: RunRequest, result: RunResult, strike: StrikeReason | undefined): void {
    const counters = this.#countersOf(request);
    const { cpuMicros, memoryBytes } = result.usage;
    counters.runs += 1;
    counters.cpuMicrosTotal += cpuMicros;
    const bucket = Math.max(0, Math.min(BUCKETS - 1, Math.ceil(Math.log2(cpuMicros + 1) * STEPS_PER_DOUBLING)));
    counters.histogram[bucket] = (counters.histogram[bucket] ?? 0) + 1;
    if (memoryBytes > counters.memoryBytesMax) counters.memoryBytesMax = memoryBytes;
    if (result.status === 'failed') counters.errors[result.code] = (counters.errors[result.code] ?? 0) + 1;
    if (strike !== undefined) counters.strikes[strike] += 1;
    counters.lastRunAt = Date.now();
  }

  read(): RunStatistics[] {
    return [...this.#byInstallation.values()].flatMap((modules) =>
      [...modules.values()].map(({ request, histogram, ...counted }) => ({
        ...request,
        ...counted,
        errors: { ...counted.errors },
        strikes: { ...counted.strikes },
        cpuMicrosP50: quantile(histogram, counted.runs, 0.5),
        cpuMicrosP99: quantile(histogram, counted.runs, 0.99),
      })),
    );
  }

  #countersOf({ module, group, installation }: RunRequest): Counters {
    let modules = this.#byInstallation.get(installation);
    if (modules === undefined) {
      const [oldest] = this.#byInstallation.keys();
      if (this.#byInstallation.size >= KEPT && oldest !== undefined) this.#byInstallation.delete(oldest);
      this.#byInstallation.set(installation, (modules = new Map<string, Counters>()));
    }
    let counters = modules.get(module);
    if (counters === undefined) {
      const [oldest] = modules.keys();
      if (modules.size >= VERSIONS_KEPT && oldest !== undefined) modules.delete(oldest);
      counters = {
        request: { module, group, installation },
        runs: 0,
        errors: {},
        cpuMicrosTotal: 0,
        histogram: new Uint32Array(BUCKETS),
        memoryBytesMax: 0,
        strikes: { cpu: 0, trap: 0 },
        lastRunAt: 0,
      };
      modules.set(module, counters);
    }
    return counters;
  }
}

const VERSIONS_KEPT = 8;

function quantile(histogram: Uint32Array, count: number, share: number): number {
  let left = Math.ceil(count * share);
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    left -= histogram[bucket] ?? 0;
    if (left <= 0) return Math.round(2 ** (bucket / STEPS_PER_DOUBLING) - 1);
  }
  return 0;
}
