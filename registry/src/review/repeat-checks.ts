import { recheckLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Registry } from '../registry.ts';
import { checkPublishedAgain } from './check-again.ts';
import { startRounds, type Rounds } from './rounds.ts';

/** Looks for published versions that are due to be checked again, a few at a time. */
export function repeatChecks(registry: Registry, log: { warn(fields: object, message: string): void }): Rounds {
  const round = async (stopping: AbortSignal): Promise<void> => {
    const { held, undone } = await checkPublishedAgain(registry, { stopping });
    if (held.length > 0) log.warn({ held }, 'published versions were held: a check found something');
    if (undone.length > 0) log.warn({ undone }, 'checks of published versions could not be carried out');
  };
  return startRounds(recheckLimits.everyMs, round, (error) =>
    log.warn({ err: error }, 'published versions could not be checked again'),
  );
}
