const HALF_LIFE_MS = 10_000;
const REBASE_HALVES = 500;

/**
 * Waiting jobs by group. The group that has used the least CPU time of late goes first; within a group the order is
 * first come, first served. "Of late" halves every ten seconds.
 *
 * Old use is not decayed: new use is weighed more instead, which orders groups the same and needs no walk over them.
 */
export class FairQueue<Job extends { group: string }> {
  readonly #waiting = new Map<string, Job[]>();
  readonly #used = new Map<string, number>();
  readonly #now: () => number;
  #base: number;
  #size = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#base = now();
  }

  get size(): number {
    return this.#size;
  }

  push(job: Job): void {
    this.#list(job.group).push(job);
  }

  /** Puts jobs back that were taken before, ahead of their group's others. */
  putBack(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed()) this.#list(job.group).unshift(job);
  }

  /** The first job of the group that is to go next, left where it is. */
  peek(): Job | undefined {
    let best: Job | undefined;
    let least = Infinity;
    for (const [group, jobs] of this.#waiting) {
      const used = this.#used.get(group) ?? 0;
      if (used < least) {
        least = used;
        best = jobs[0];
      }
    }
    return best;
  }

  /** Takes away the job that `peek` gave. */
  take(job: Job): void {
    const jobs = this.#waiting.get(job.group);
    if (jobs?.[0] !== job) throw new Error('only the job that peek gave can be taken');
    jobs.shift();
    this.#size -= 1;
    if (jobs.length === 0) this.#waiting.delete(job.group);
  }

  takeAll(): Job[] {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#size = 0;
    return all;
  }

  /** Books CPU time on a group; negative when an estimate was too high. */
  charge(group: string, micros: number): void {
    const halves = (this.#now() - this.#base) / HALF_LIFE_MS;
    if (halves > REBASE_HALVES) this.#rebase(halves);
    const weight = 2 ** ((this.#now() - this.#base) / HALF_LIFE_MS);
    this.#used.set(group, Math.max(0, (this.#used.get(group) ?? 0) + micros * weight));
  }

  #list(group: string): Job[] {
    this.#size += 1;
    const jobs = this.#waiting.get(group);
    if (jobs !== undefined) return jobs;
    const created: Job[] = [];
    this.#waiting.set(group, created);
    return created;
  }

  /** Keeps the weights within the range of a number, and forgets groups that have not run for long. */
  #rebase(halves: number): void {
    for (const [group, used] of this.#used) {
      const rest = used / 2 ** halves;
      if (rest < 1) this.#used.delete(group);
      else this.#used.set(group, rest);
    }
    this.#base = this.#now();
  }
}
