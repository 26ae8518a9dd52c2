import { createHash } from 'node:crypto';
import { ingestOutputSchema, type IngestResult, type Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import type { ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { RunRequest, RunResult, Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { boundedText } from '../store/storable.ts';
import type { DoorIntegration, DoorPlugin } from './door-integration.ts';
import { ingestInputText, type PluginInput } from './plugin-input.ts';
import { logsColumn } from './request-row.ts';

/** What an ingest plugin made of a request. */
export type PluginOutcome = (
  | {
      outcome: 'understood';
      result: Exclude<IngestResult, { outcome: 'invalid' }>;
      /** What the request log says beside the outcome: what the integration's rules did. */
      note?: { code: ErrorCode | null; reason: string };
    }
  | { outcome: 'invalid'; reason: string; issues: Issue[] }
  /** `fault` tells a mistake of the plugin from one of ours, which counts as no attempt. */
  | { outcome: 'failed'; fault: 'plugin' | 'sandbox'; code: string; reason: string }
) & { logs: string | null };

const REASON_CHARS = 1000;

/**
 * Runs a plugin's `ingest` on a request that the operator's schema lets pass. Pure but for the log: the same request
 * gives the same outcome.
 *
 * @param onDispatched called when the run is handed to a process
 */
export async function callIngest(
  sandbox: Sandbox,
  plugin: DoorPlugin,
  { groupId, gate }: Pick<DoorIntegration, 'groupId' | 'gate'>,
  input: PluginInput,
  startedAt: number,
  onDispatched?: () => void,
): Promise<PluginOutcome> {
  const refusal = gate?.(input.body) ?? null;
  if (refusal !== null) return { outcome: 'invalid', ...refusal, logs: null };
  const run: RunRequest = {
    module: plugin.module,
    export: 'ingest',
    grants: plugin.grants,
    input: ingestInputText(input),
    journal: { seed: seedOf(input.requestId), startedAt, asks: [], batches: [] },
    group: groupId,
    installation: plugin.installationId,
  };
  const result = await sandbox.run(run, onDispatched);
  return readOutcome(result);
}

/** From the request's id, which holds 80 random bits: a replay draws the same. */
function seedOf(requestId: string): string {
  return createHash('sha256').update(requestId).digest('hex');
}

function readOutcome(run: RunResult): PluginOutcome {
  const logs = logsColumn(run.logs);
  if (run.status === 'failed') {
    const { fault, code, message } = run;
    return { outcome: 'failed', fault, code, reason: boundedText(message, REASON_CHARS), logs };
  }
  const failed = (code: string, reason: string): PluginOutcome => ({
    outcome: 'failed',
    fault: 'plugin',
    code,
    reason: boundedText(reason, REASON_CHARS),
    logs,
  });
  if (run.status === 'open') return failed('PERMISSION_DENIED', 'An ingest plugin may not ask for anything.');
  let output: unknown;
  try {
    output = JSON.parse(run.output);
  } catch {
    return failed('OUTPUT_INVALID', 'The output is not JSON.');
  }
  const parsed = ingestOutputSchema.safeParse(output);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return failed('OUTPUT_INVALID', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unexpected shape'}`);
  }
  const { result } = parsed.data;
  if (result.outcome === 'invalid') return { outcome: 'invalid', reason: result.reason, issues: result.issues, logs };
  if (result.outcome === 'events' && result.events.length > ingestLimits.eventsPerRequest)
    return failed('OUTPUT_INVALID', `More than ${ingestLimits.eventsPerRequest} events.`);
  return { outcome: 'understood', result, logs };
}
