import type { IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import type { DoorIntegration } from './door-integration.ts';

/**
 * What the door knows of integrations, for a few seconds at most.
 *
 *   unknown --find--> loading --loaded--> known (also: known not to exist) --old or invalidated--> unknown
 *
 * A load that was under way when its integration was invalidated serves those who already waited and is not kept.
 */
export interface IntegrationCache {
  find(id: IntegrationId): DoorIntegration | undefined | Promise<DoorIntegration | undefined>;
  /** Forgets one integration, or all. */
  invalidate(id?: string): void;
}

const KEEP_MS = 5_000;
const MAX_ENTRIES = 20_000;

type Entry = { until: number; value: DoorIntegration | undefined };

export function createIntegrationCache(
  load: (id: IntegrationId) => Promise<DoorIntegration | undefined>,
  now: () => number = Date.now,
): IntegrationCache {
  const known = new Map<string, Entry>();
  const loading = new Map<string, Promise<DoorIntegration | undefined>>();
  let generation = 0;

  async function loadOnce(id: IntegrationId): Promise<DoorIntegration | undefined> {
    const started = generation;
    const value = await load(id);
    if (started === generation) {
      known.delete(id);
      known.set(id, { until: now() + KEEP_MS, value });
      if (known.size > MAX_ENTRIES)
        for (const oldest of known.keys()) {
          known.delete(oldest);
          break;
        }
    }
    return value;
  }

  return {
    find(id) {
      const entry = known.get(id);
      if (entry !== undefined && entry.until > now()) return entry.value;
      let promise = loading.get(id);
      if (promise === undefined) {
        promise = loadOnce(id).finally(() => {
          if (loading.get(id) === promise) loading.delete(id);
        });
        loading.set(id, promise);
      }
      return promise;
    },
    invalidate(id) {
      generation += 1;
      if (id === undefined || id === '') {
        known.clear();
        loading.clear();
      } else {
        known.delete(id);
        loading.delete(id);
      }
    },
  };
}
