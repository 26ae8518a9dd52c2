import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { mapStack } from '../compile/map-stack.ts';
import {
  deliverOutputSchema,
  ingestOutputSchema,
  type DeliverInput,
  type DeliverResult,
  type IngestInput,
  type IngestResult,
  type Issue,
} from '../contract/envelopes.ts';
import type { Journal } from '../contract/journal.ts';
import type { LogLine, RunResult, RunUsage } from '../contract/run.ts';
import { driveCall, type World } from './drive-call.ts';
import {
  inSandbox,
  preparePlugin,
  runRequestOf,
  type BuiltPlugin,
  type PluginSource,
  type RunError,
} from './plugin-sandbox.ts';

export type { HttpReply, World } from './drive-call.ts';

interface Inputs {
  ingest: IngestInput;
  deliver: DeliverInput;
}
interface Results {
  ingest: IngestResult;
  deliver: DeliverResult;
}
export type RunnableExport = keyof Inputs;

export type RunPluginOptions<E extends RunnableExport> = PluginSource & {
  export: E;
  input: Inputs[E];
  world?: World;
  journal?: Journal;
};

/** What came of it: the plugin's own result, or an error; with what there was to see on the way. */
export type PluginOutcome<E extends RunnableExport> = (Results[E] | RunError) & {
  logs: LogLine[];
  usage: RunUsage;
  journal: Journal;
  runs: number;
};

const NOTHING: { logs: LogLine[]; usage: RunUsage; journal: Journal; runs: number } = {
  logs: [],
  usage: { cpuMicros: 0, memoryBytes: 0 },
  journal: { seed: '', startedAt: 0, asks: [], batches: [] },
  runs: 0,
};

/**
 * Runs one export of a plugin in the real sandbox, with the checks that a registry makes and with its asks performed by
 * `world`. Nothing needs to be closed: an idle sandbox does not hold a process.
 *
 * Never throws for what a plugin does: that is an outcome.
 */
export async function runPlugin<E extends RunnableExport>(options: RunPluginOptions<E>): Promise<PluginOutcome<E>> {
  const built = await preparePlugin(options);
  if ('outcome' in built) return { ...built, ...NOTHING };
  const request = runRequestOf(built, options.export, options.input);
  const { result, journal, runs, logs } = await inSandbox(built, (sandbox) =>
    driveCall(sandbox, { ...request, call: randomUUID() }, options.world, options.journal),
  );
  return { ...outcomeOf(options.export, result, built), logs, usage: result.usage, journal, runs };
}

/** What the end of a run means: the plugin's output, or its error with places in the author's files. */
export function outcomeOf<E extends RunnableExport>(
  name: E,
  result: Exclude<RunResult, { status: 'open' }>,
  { sourceMap }: BuiltPlugin,
): Results[E] | RunError {
  if (result.status === 'done') return readOutput(name, result.output);
  const { code, message, error } = result;
  const mapped =
    error?.stack === undefined || sourceMap === undefined
      ? error
      : { ...error, stack: mapStack(error.stack, sourceMap) };
  return { outcome: 'error', code, message, ...(mapped !== undefined && { error: mapped }) };
}

function readOutput<E extends RunnableExport>(name: E, output: string): Results[E] | RunError {
  const invalid = (message: string, issues: Issue[]): RunError => ({
    outcome: 'error',
    code: 'OUTPUT_INVALID',
    message,
    issues,
  });
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return invalid('The output is not JSON.', []);
  }
  const schema: z.ZodType<{ result: IngestResult | DeliverResult }> =
    name === 'ingest' ? ingestOutputSchema : deliverOutputSchema;
  const read = schema.safeParse(value);
  if (read.success) return read.data.result as Results[E];
  const issues = read.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  return invalid(issues.map(({ path, message }) => `${path}: ${message}`).join('; '), issues);
}
