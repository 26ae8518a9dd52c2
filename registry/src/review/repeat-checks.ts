import type { Registry } from '../registry.ts';
import { checkPublishedAgain } from './check-again.ts';

const EVERY_MS = 10 * 60 * 1000;

/** Looks for published versions that are due to be checked again, a few at a time. */
export function repeatChecks(
  registry: Registry,
  log: { warn(fields: object, message: string): void },
): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const round = async (): Promise<void> => {
    try {
      const held = await checkPublishedAgain(registry);
      if (held.length > 0) log.warn({ held }, 'published versions were held: a check found something');
    } catch (error) {
      log.warn({ err: error }, 'published versions could not be checked again');
    }
  };
  const timer = setInterval(() => {
    running = running.then(round);
  }, EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
