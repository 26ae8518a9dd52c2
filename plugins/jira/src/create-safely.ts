import { PatchbayError, retry } from '@patchbay/plugin-sdk';
import type { Jira } from './jira-api.ts';
import { Outcome } from './outcome.ts';

/** Before each look; the first is how long Jira's search may take until it sees something new. */
const WAITS_SECONDS = [5, 15, 60];

/**
 * Makes something that Jira would make twice: after an answer that was lost, or an error that leaves open what
 * happened, it is looked for before it is made again. Another attempt begins with one more look.
 *
 * @param what completes "Nobody can say whether ..."
 */
export async function createSafely<T>(
  jira: Jira,
  create: (jira: Jira) => Promise<T>,
  find: (jira: Jira) => Promise<T | undefined>,
  sleep: (ms: number) => Promise<void>,
  what: string,
): Promise<T> {
  let reason = '';
  const looks: Response[] = [];
  for (const seconds of WAITS_SECONDS) {
    try {
      return await create(jira);
    } catch (error) {
      if (!(error instanceof PatchbayError) || error.code !== 'OUTCOME_UNKNOWN') throw error;
      reason = error.message;
    }
    await sleep(seconds * 1000);
    const found = await find(async (request) => {
      const answer = await jira(request);
      looks.push(answer.response);
      return answer;
    });
    if (found !== undefined) return found;
  }
  throw new Outcome(retry(`Nobody can say whether ${what}: ${reason}`, { answers: looks.slice(-1) }));
}
