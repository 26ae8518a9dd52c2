import type { DeliverResult } from '../contract/envelopes.ts';
import type { ExportedCall } from '../contract/exported-call.ts';
import type { Journal } from '../contract/journal.ts';
import type { LogLine, RunRequest, RunResult, RunUsage, Sandbox } from '../contract/run.ts';
import { inSandbox, preparePlugin, runRequestOf, type PluginSource, type RunError } from './plugin-sandbox.ts';
import { outcomeOf } from './run-plugin.ts';
import { showAsk, type ShownAsk } from './shown-ask.ts';

/** The ask at which the plugin went another way than when the call ran. */
export interface DifferingAsk {
  number: number;
  /** What was asked then; undefined when there was no such ask. */
  before: string | undefined;
  /** What is asked now; undefined when nothing is. */
  now: string | undefined;
}

/**
 * How a replay ended.
 *
 *   an outcome  of the plugin, or its error
 *   open        the journal is used up and the plugin waits: for an answer that never came or was taken back, or, when
 *               it is another module, for something that it did not ask for then
 */
export type ReplayEnd = (DeliverResult | RunError | { outcome: 'open'; waitsFor: ShownAsk[] }) & {
  /** For NON_DETERMINISTIC. */
  differs?: DifferingAsk;
  /** Every ask of the journal with its answer. */
  asks: ShownAsk[];
  logs: LogLine[];
  usage: RunUsage;
  /** The plugin is the very module that ran then. */
  sameModule: boolean;
};

/** Runs an exported call once from the start, with the answers that it got. Nothing is performed or sent. */
export async function replayCall(source: PluginSource, call: ExportedCall): Promise<ReplayEnd> {
  const { seed, startedAt, asks, batches } = call.journal;
  const journal = { seed, startedAt, asks, batches } as Journal;
  const shown = shownAsks(call);
  const built = await preparePlugin(source);
  if ('outcome' in built)
    return { ...built, asks: shown, logs: [], usage: { cpuMicros: 0, memoryBytes: 0 }, sameModule: false };
  const request = runRequestOf(built, call.export, call.input);
  return inSandbox(built, async (sandbox) => {
    const result = await sandbox.run({ ...request, journal });
    const seen = {
      asks: shown,
      logs: result.logs,
      usage: result.usage,
      sameModule: built.sha256 === call.plugin.moduleSha256,
    };
    if (result.status === 'open') {
      const added = result.asks.map((ask) => showAsk(ask, undefined));
      const waiting = new Set(result.waitingFor);
      return { outcome: 'open', waitsFor: [...shown, ...added].filter(({ number }) => waiting.has(number)), ...seen };
    }
    const outcome = outcomeOf(call.export, result, built);
    if (result.status === 'done' || result.ask === undefined) return { ...outcome, ...seen };
    const { number } = result.ask;
    const now = await askedAt(sandbox, request, journal, number);
    return { ...outcome, differs: { number, before: asks[number]?.request, now }, ...seen };
  });
}

/** What the plugin asks for at this number, told as much of the journal as lies before it. */
async function askedAt(
  sandbox: Sandbox,
  request: Omit<RunRequest, 'journal'>,
  journal: Journal,
  number: number,
): Promise<string | undefined> {
  const later = journal.batches.findIndex(({ answers }) => answers.some(([ask]) => ask >= number));
  const result: RunResult = await sandbox.run({
    ...request,
    journal: {
      ...journal,
      asks: journal.asks.slice(0, number),
      batches: later === -1 ? journal.batches : journal.batches.slice(0, later),
    },
  });
  if (result.status === 'failed') return undefined;
  return result.asks.find((ask) => ask.number === number)?.request;
}

function shownAsks({ journal }: ExportedCall): ShownAsk[] {
  const answers = new Map(journal.batches.flatMap((batch) => batch.answers));
  return journal.asks.map(({ kind, request }, number) => {
    const answer = answers.get(number);
    return showAsk({ number, kind, request }, answer === undefined || 'error' in answer ? answer : { ok: answer.ok });
  });
}
