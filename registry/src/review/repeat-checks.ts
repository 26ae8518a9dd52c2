import type { Registry } from '../registry.ts';
import { checkPublishedAgain } from './check-again.ts';
import { startRounds, type Rounds } from './rounds.ts';

const EVERY_MS = 10 * 60 * 1000;

/** Looks for published versions that are due to be checked again, a few at a time. */
export function repeatChecks(registry: Registry, log: { warn(fields: object, message: string): void }): Rounds {
  const round = async (): Promise<void> => {
    const held = await checkPublishedAgain(registry);
    if (held.length > 0) log.warn({ held }, 'published versions were held: a check found something');
  };
  return startRounds(EVERY_MS, round, (error) =>
    log.warn({ err: error }, 'published versions could not be checked again'),
  );
}
