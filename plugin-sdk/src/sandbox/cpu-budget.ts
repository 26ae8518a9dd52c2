import { sandboxLimits } from '../contract/limits.ts';

const MICROS_PER_MS = 1000;
const KEPT = 10_000;
const LONG_MICROS = sandboxLimits.longRunMs * MICROS_PER_MS;

interface Account {
  /** CPU time left, in microseconds; below zero when more was used than came in. */
  left: number;
  at: number;
  /**
   * What a run of late took, in microseconds: the first whole, each later one with an eighth. The first is bounded: it may
   * just have had everything to compile.
   */
  typical: number;
}

/**
 * CPU time that each installation may use before it has to stand back behind the others: an account that fills at the
 * rate of `installationCpuMsPerMinute` up to one minute's worth. Overdrawing is bounded, so that a bad minute is not
 * paid for all day. And how long its runs are: one that keeps a process busy for long makes everybody wait, however little it
 * uses in all. Whose runs are not known yet is taken for such a one, or the first run of each would be waited for.
 */
export class CpuBudget {
  readonly #accounts = new Map<string, Account>();
  readonly #now: () => number;
  readonly #full: number;

  constructor(
    msPerMinute: number = sandboxLimits.installationCpuMsPerMinute,
    now: () => number = () => performance.now(),
  ) {
    this.#full = msPerMinute * MICROS_PER_MS;
    this.#now = now;
  }

  isOverdrawn(installation: string): boolean {
    const account = this.#accounts.get(installation);
    return account !== undefined && this.#refilled(account) < 0;
  }

  hasShortRuns(installation: string): boolean {
    const account = this.#accounts.get(installation);
    return account !== undefined && account.typical <= LONG_MICROS;
  }

  charge(installation: string, micros: number): void {
    const known = this.#accounts.get(installation);
    if (known === undefined) this.#forget();
    const account = known ?? { left: this.#full, at: this.#now(), typical: Math.min(micros, 2 * LONG_MICROS) };
    account.left = Math.max(-this.#full, this.#refilled(account) - micros);
    account.at = this.#now();
    account.typical += (micros - account.typical) / 8;
    if (known === undefined) this.#accounts.set(installation, account);
  }

  #refilled({ left, at }: Pick<Account, 'left' | 'at'>): number {
    return Math.min(this.#full, left + ((this.#now() - at) / 60_000) * this.#full);
  }

  #forget(): void {
    if (this.#accounts.size < KEPT) return;
    for (const [installation, account] of this.#accounts)
      if (this.#refilled(account) >= this.#full) this.#accounts.delete(installation);
    const [oldest] = this.#accounts.keys();
    if (this.#accounts.size >= KEPT && oldest !== undefined) this.#accounts.delete(oldest);
  }
}
