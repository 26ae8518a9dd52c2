import type { IntegrationId } from '@patchbay/plugin-sdk/contract/ids';

/**
 * Which refused requests are recorded: the first few of each minute, per integration and code. The rest is counted
 * only, so that a stranger's flood fills no disk.
 */
export interface RefusalSample {
  take(integrationId: IntegrationId, code: string, now: number): boolean;
}

const PER_MINUTE = 20;
const MINUTE_MS = 60_000;

export function createRefusalSample(): RefusalSample {
  let minute = 0;
  let taken = new Map<string, number>();
  return {
    take(integrationId, code, now) {
      const current = Math.floor(now / MINUTE_MS);
      if (current !== minute) {
        minute = current;
        taken = new Map();
      }
      const name = `${integrationId} ${code}`;
      const count = taken.get(name) ?? 0;
      if (count >= PER_MINUTE) return false;
      taken.set(name, count + 1);
      return true;
    },
  };
}
