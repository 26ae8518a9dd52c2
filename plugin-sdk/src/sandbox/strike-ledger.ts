import { createHash } from 'node:crypto';
import { sandboxLimits } from '../contract/limits.ts';
import type { RunRequest } from '../contract/run.ts';
import type { StrikeReason } from './job.ts';

/**
 * What speaks against the versions that are run. Where a module only interprets a program, the program is the version.
 *
 *   new         -> proven       `provenRuns` runs without a strike
 *   new, proven -> struck       a strike
 *   struck      -> proven       `strikeWindowMs` without another
 *   struck      -> quarantined  strikes on `strikesToQuarantine` different inputs within the window, and on more than
 *                               one in a hundred of its runs; only for the installation that had them, and for all
 *                               once installations of two groups have it: a tenant who sends what a plugin chokes on
 *                               shall not take it from the others
 *   quarantined -> new          released by a person
 */
export interface Quarantine {
  /** sha256 of the module, or digest of the program. */
  module: string;
  /** Null: the version as a whole. */
  installation: string | null;
  reason: StrikeReason;
  /** Strikes within the window, on different inputs. */
  strikes: number;
  /** Milliseconds since the epoch. */
  at: number;
}

interface Suspect {
  module: string;
  installation: string;
  group: string;
  /** Runs since the first of the strikes. */
  runs: number;
  strikes: { at: number; input: string }[];
}

const KEPT = 10_000;
const SHARE_OF_RUNS = 100;

export class StrikeLedger {
  readonly #proven = new Map<string, number>();
  readonly #struckAt = new Map<string, number>();
  readonly #suspects = new Map<string, Suspect>();
  readonly #quarantined = new Map<string, Quarantine>();
  /** Installations for which a person released a version that is quarantined as a whole. */
  readonly #exempt = new Set<string>();
  readonly #now: () => number;

  constructor(now: () => number = () => Date.now()) {
    this.#now = now;
  }

  /** Puts back a version that was proven before this process was started. */
  prove(module: string): void {
    this.#proven.set(module, sandboxLimits.provenRuns);
  }

  isProven(module: string): boolean {
    return (this.#proven.get(module) ?? 0) >= sandboxLimits.provenRuns && !this.#isStruck(module);
  }

  quarantineOf(module: string, installation: string): Quarantine | undefined {
    if (this.#quarantined.size === 0) return undefined;
    const key = keyOf(module, installation);
    return this.#quarantined.get(key) ?? (this.#exempt.has(key) ? undefined : this.#quarantined.get(module));
  }

  quarantined(): Quarantine[] {
    return [...this.#quarantined.values()];
  }

  /** Puts back what was quarantined before this process was started. */
  restore(quarantine: Quarantine): void {
    const { module, installation } = quarantine;
    this.#quarantined.set(installation === null ? module : keyOf(module, installation), quarantine);
  }

  /** Lifts a quarantine for one installation, and forgets what led to it. @returns whether there was one */
  release(module: string, installation: string): boolean {
    const key = keyOf(module, installation);
    const found = this.quarantineOf(module, installation) !== undefined;
    this.#proven.delete(module);
    this.#suspects.delete(key);
    this.#quarantined.delete(key);
    if (this.#quarantined.has(module)) this.#exempt.add(key);
    return found;
  }

  /** @returns whether the version is proven by this run */
  ranWell(request: RunRequest): boolean {
    const { installation } = request;
    const module = versionOf(request);
    const runs = this.#proven.get(module) ?? 0;
    if (runs < sandboxLimits.provenRuns) {
      if (this.#proven.size >= KEPT) this.#proven.clear();
      this.#proven.set(module, runs + 1);
    }
    const suspect = this.#suspects.get(keyOf(module, installation));
    if (suspect !== undefined) suspect.runs += 1;
    return runs + 1 === sandboxLimits.provenRuns;
  }

  /** @returns the quarantine to which this strike led, if it did */
  strike(request: RunRequest, reason: StrikeReason): Quarantine | undefined {
    const { installation, group, input } = request;
    const module = versionOf(request);
    const at = this.#now();
    this.#struckAt.set(module, at);
    this.#proven.set(module, 0);
    const key = keyOf(module, installation);
    const suspect = this.#suspects.get(key) ?? { module, installation, group, runs: 0, strikes: [] };
    const digest = createHash('sha256').update(input).digest('base64');
    suspect.runs += 1;
    suspect.strikes = suspect.strikes.filter((strike) => strike.at > at - sandboxLimits.strikeWindowMs);
    // The same input fails the same way every time; tried again it says nothing new.
    if (suspect.strikes.every((strike) => strike.input !== digest)) suspect.strikes.push({ at, input: digest });
    if (this.#suspects.size >= KEPT) this.#suspects.clear();
    this.#suspects.set(key, suspect);
    const strikes = suspect.strikes.length;
    if (strikes < sandboxLimits.strikesToQuarantine || strikes * SHARE_OF_RUNS < suspect.runs) return undefined;
    const groups = new Set([group]);
    for (const { installation: other } of this.#quarantined.values()) {
      const known = other === null ? undefined : this.#suspects.get(keyOf(module, other));
      if (known !== undefined) groups.add(known.group);
    }
    const quarantine = { module, installation, reason, strikes, at };
    this.#quarantined.set(key, quarantine);
    this.#exempt.delete(key);
    if (groups.size === 1) return quarantine;
    const whole = { ...quarantine, installation: null };
    this.#quarantined.set(module, whole);
    return whole;
  }

  #isStruck(module: string): boolean {
    const at = this.#struckAt.get(module);
    if (at === undefined) return false;
    if (this.#now() - at < sandboxLimits.strikeWindowMs) return true;
    this.#struckAt.delete(module);
    return false;
  }
}

/** What is judged by how its runs end. */
export function versionOf({ program, module }: RunRequest): string {
  return program ?? module;
}

function keyOf(module: string, installation: string): string {
  return `${module} ${installation}`;
}
