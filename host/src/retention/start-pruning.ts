import { retentionLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { prune } from './prune.ts';

export interface PruningOptions {
  db: Kysely<Database>;
  /** How long is kept what was received and sent; 0 keeps it for ever. */
  days: number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Prunes soon after the start and then once an hour.
 *
 * @returns ends it, and waits for the batch that runs
 */
export function startPruning({ db, days, log }: PruningOptions): () => Promise<void> {
  if (days === 0) return () => Promise.resolve();
  let stopping = false;
  let running: Promise<void> = Promise.resolve();

  const run = async (): Promise<void> => {
    try {
      const pruned = await prune(db, new Date(Date.now() - days * DAY_MS), () => stopping);
      if (Object.values(pruned).some((count) => count > 0)) log.info(pruned, `removed what is older than ${days} days`);
    } catch (error) {
      log.warn({ err: error }, 'what is too old could not be removed; the next hour tries again');
    }
  };
  const begin = (): void => {
    running = running.then(run);
  };
  const first = setTimeout(begin, retentionLimits.firstPruneMs);
  const hourly = setInterval(begin, retentionLimits.pruneEveryMs);
  first.unref();
  hourly.unref();
  return async () => {
    stopping = true;
    clearTimeout(first);
    clearInterval(hourly);
    await running;
  };
}
