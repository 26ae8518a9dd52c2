import { isErrorCode, type ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import type { GroupId, InstallationId } from '@patchbay/plugin-sdk/contract/ids';

type Counts = Partial<Record<ErrorCode, number>>;

/** The installation that was seen first is dropped first. */
const KEPT = 10_000;
/** An answer like any other: another call was faster. */
const ORDINARY = new Set<string>(['CONFLICT']);

/**
 * Counts by installation what went wrong in calls and in no run of theirs: budgets of the whole call that were used up,
 * and requests, writes and events that were refused or failed. Runs are counted by the sandbox.
 */
export class CallErrors {
  readonly #byInstallation = new Map<string, Counts>();

  count(groupId: GroupId, installationId: InstallationId | null, code: string): void {
    if (installationId === null || !isErrorCode(code) || ORDINARY.has(code)) return;
    const name = `${groupId} ${installationId}`;
    let counts = this.#byInstallation.get(name);
    if (counts === undefined) {
      const [oldest] = this.#byInstallation.keys();
      if (this.#byInstallation.size >= KEPT && oldest !== undefined) this.#byInstallation.delete(oldest);
      this.#byInstallation.set(name, (counts = {}));
    }
    counts[code] = (counts[code] ?? 0) + 1;
  }

  of(groupId: GroupId, installationId: InstallationId): Counts {
    return { ...this.#byInstallation.get(`${groupId} ${installationId}`) };
  }
}
