import { FIXTURE_TIME } from '../package/fixture.ts';
import { runPlugin } from '../testing/run-plugin.ts';
import type { RunIngest } from './fixtures-check.ts';

const FIXED_JOURNAL = { seed: '00'.repeat(32), startedAt: Date.parse(FIXTURE_TIME), asks: [], batches: [] };

/** Runs a fixture in the real sandbox, at a fixed time and with fixed randomness. */
export const sandboxRunIngest: RunIngest = async ({ module, manifest, sourceMap }, input) => {
  const outcome = await runPlugin({
    wasm: module,
    manifest,
    ...(sourceMap === null ? {} : { sourceMap }),
    export: 'ingest',
    input,
    journal: FIXED_JOURNAL,
  });
  if (outcome.outcome === 'error' && outcome.code === 'SANDBOX_UNAVAILABLE') throw new Error(outcome.message);
  return outcome;
};
