import { sandboxLimits } from '../contract/limits.ts';
import type { LogLine, NewAsk, RunRequest, RunResult } from '../contract/run.ts';
import { isJsonObject, textProblem } from './json-text.ts';

/** JSON may write a number of four characters with 21: `1e20`. */
const FIELDS_GROW = 6;

/**
 * Why a result is none that this run can have, or undefined. A child keeps these limits itself, and tells the author which
 * one was broken; one that breaks them here has been taken over.
 */
export function answerProblem(request: RunRequest, result: RunResult): string | undefined {
  const { outputBytes, asksPerCall, logBytes, logLines } = { ...sandboxLimits, ...request.limits };
  const { logs } = result;
  if (logs.length > logLines || logChars(logs) > logBytes) return 'logs more than a run may';
  if (result.status === 'failed') return undefined;
  const asked = request.journal.asks.length + result.asks.length;
  if (result.asks.length > 0 && asked > asksPerCall) return 'asks more often than a call may';
  const problem = asksProblem(request, result.asks);
  if (problem !== undefined) return problem;
  if (result.status === 'open') return waitingProblem(request, result.waitingFor, asked);
  // A character has at least one byte.
  const long = result.output.length > outputBytes || Buffer.byteLength(result.output) > outputBytes;
  return long ? 'gives more than a run may' : undefined;
}

function logChars(logs: readonly LogLine[]): number {
  let chars = 0;
  for (const { message, fields } of logs)
    chars += message.length + (fields === undefined ? 0 : JSON.stringify(fields).length / FIELDS_GROW);
  return chars;
}

/** They go on from the asks of the journal, and each is a JSON object: whoever performs it counts on that. */
function asksProblem({ journal, grants }: RunRequest, asks: readonly NewAsk[]): string | undefined {
  let next = journal.asks.length;
  let bytes = 0;
  for (const { number, kind, request } of asks) {
    if (number !== next++) return 'numbers an ask otherwise than in the order of asking';
    if (!grants.includes(kind)) return 'asks for what was not granted';
    const text = Buffer.from(request);
    bytes += text.length;
    if (bytes > sandboxLimits.journalBytes) return 'asks for more than a journal holds';
    if (textProblem(text) !== undefined || !isJsonObject(request)) return 'asks with something else than a JSON object';
  }
  return undefined;
}

/** A call that waits for nothing would wait for ever. */
function waitingProblem({ journal }: RunRequest, waitingFor: readonly number[], asked: number): string | undefined {
  const answered = new Set(journal.batches.flatMap(({ answers }) => answers.map(([ask]) => ask)));
  if (waitingFor.length === 0) return 'waits for nothing';
  return waitingFor.every((number) => number < asked && !answered.has(number))
    ? undefined
    : 'waits for what was never asked, or was answered';
}
