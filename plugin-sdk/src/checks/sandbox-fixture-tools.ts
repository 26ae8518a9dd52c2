import type { AskAnswer, HttpAsk } from '../contract/journal.ts';
import type { NewAsk } from '../contract/run.ts';
import { FIXTURE_TIME } from '../package/fixture.ts';
import type { FixtureAnswer } from '../package/deliver-fixture.ts';
import type { PluginPackage } from '../package/plugin-package.ts';
import { runPlugin, type PluginOutcome } from '../testing/run-plugin.ts';
import type { FixtureTools } from './fixtures-check.ts';

const FIXED_JOURNAL = { seed: '00'.repeat(32), startedAt: Date.parse(FIXTURE_TIME), asks: [], batches: [] };

/** What came of a fixture, and what the plugin asked for on the way. */
export interface FixtureRun {
  outcome: PluginOutcome<'ingest'> | PluginOutcome<'deliver'>;
  asks: { ask: NewAsk; answer: AskAnswer }[];
}

/**
 * Runs fixtures in the real sandbox, at a fixed time and with fixed randomness. What a fixture's answers leave open is
 * refused: nothing is sent anywhere.
 *
 * @param seen called with what came of each
 */
export function sandboxFixtureTools(seen: (run: FixtureRun) => void = () => undefined): FixtureTools {
  return {
    runIngest: async (subject, input) => {
      const outcome = await runPlugin({ ...sourceOf(subject), export: 'ingest', input, journal: FIXED_JOURNAL });
      return usable(outcome, [], seen);
    },
    runDeliver: async (subject, input, answers) => {
      const requests: HttpAsk[] = [];
      const asks: FixtureRun['asks'] = [];
      const world = {
        http: (request: HttpAsk) => {
          const answer = answers[requests.length] ?? noAnswer(request);
          requests.push(request);
          return answer;
        },
        seen: (ask: NewAsk, answer: AskAnswer) => void asks.push({ ask, answer }),
      };
      const source = sourceOf(subject);
      const outcome = await runPlugin({ ...source, export: 'deliver', input, world, journal: FIXED_JOURNAL });
      return { outcome: usable(outcome, asks, seen), requests };
    },
  };
}

function usable<T extends FixtureRun['outcome']>(
  outcome: T,
  asks: FixtureRun['asks'],
  seen: (run: FixtureRun) => void,
): T {
  if (outcome.outcome === 'error' && outcome.code === 'SANDBOX_UNAVAILABLE') throw new Error(outcome.message);
  seen({ outcome, asks });
  return outcome;
}

function noAnswer({ method, url }: HttpAsk): FixtureAnswer {
  return { error: { code: 'EGRESS_FAILED', message: `the fixture has no answer to ${method} ${url}` } };
}

function sourceOf({ module, manifest, sourceMap }: PluginPackage) {
  return { wasm: module, manifest, ...(sourceMap === null ? {} : { sourceMap }) };
}
