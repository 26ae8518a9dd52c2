import { PatchbayError } from '../patchbay-error.ts';
import { refuseAtTopLevel } from './top-level.ts';
import type { Native } from './native.ts';

/**
 * The plugin's side of a run. The glue calls `step` and runs the job queue to its end after each call:
 *
 *   START     calls the handler of an export; its output is written as soon as it is there
 *   BATCH     takes a batch of answers and settles the first of them
 *   SETTLE    settles the next answer of that batch
 *   UNCAUGHT  reports an error that nobody caught
 *
 * START, BATCH and SETTLE give the number of answers that wait to be settled. Between two answers of a batch the job
 * queue runs empty, as between two callbacks of any event loop.
 */
const START = 0;
const BATCH = 1;
const SETTLE = 2;
const UNCAUGHT = 3;

/** In the order of contract/manifest.ts; the glue's exports count the same way. */
export const exportNames = ['ingest', 'deliver', 'callback', 'actions', 'schedule'] as const;

export type Answer = { ok: unknown } | { error: { code: string; message: string } };
export type AskLetter = 'h' | 't' | 'm' | 'c';
type Handler = (input: unknown) => unknown;

const capabilityOf: Record<AskLetter, string> = { h: 'http', t: 'store', m: 'emit', c: 'schedule' };

export interface RunLoop {
  step(operation: number, value: unknown): number;
  /** Makes an ask; `settle` is called with its answer. Gives the number of the ask. */
  ask(letter: AskLetter, request: unknown, settle: (answer: Answer, ask: number) => void): number;
  /** Takes back interest in an answer. */
  forget(ask: number): void;
  register(handlers: Record<string, Handler>): void;
  /** Writes the output for Host.outputString and its like; what the handler gives is then left aside. */
  outputWritten(text: string): void;
}

export function createRunLoop(native: Native): RunLoop {
  const waiting = new Map<number, (answer: Answer, ask: number) => void>();
  let handlers: Record<string, Handler> = {};
  let batch: [ask: number, answer: Answer][] = [];
  let settled = 0;
  let written = false;

  const finish = (output: unknown): void => {
    if (!written) native.o(JSON.stringify(output) ?? 'null');
  };
  const start = (index: number): void => {
    const handler = handlers[exportNames[index] as string];
    if (handler === undefined) throw new TypeError(`The plugin does not export "${exportNames[index]}"`);
    const output = handler(native.i());
    if (output instanceof Promise) output.then(finish).catch((error: unknown) => native.e(describe(error)));
    else finish(output);
  };
  const settleNext = (): number => {
    const entry = batch[settled++];
    if (entry !== undefined) {
      const settle = waiting.get(entry[0]);
      waiting.delete(entry[0]);
      settle?.(entry[1], entry[0]);
    }
    return batch.length - settled;
  };

  return {
    step(operation, value) {
      if (operation === START) start(value as number);
      else if (operation === SETTLE) return settleNext();
      else if (operation === BATCH) {
        batch = value as typeof batch;
        settled = 0;
        return settleNext();
      } else if (operation === UNCAUGHT) native.e(describe(value));
      return 0;
    },
    ask(letter, request, settle) {
      refuseAtTopLevel('Anything that asks the host');
      const make = native[letter];
      if (make === undefined)
        throw new PatchbayError(
          'PERMISSION_DENIED',
          `plugin.json has no permission "${capabilityOf[letter]}", so the plugin cannot ask for it`,
        );
      const number = make(JSON.stringify(request));
      waiting.set(number, settle);
      return number;
    },
    forget: (ask) => void waiting.delete(ask),
    register(found) {
      handlers = found;
    },
    outputWritten(text) {
      native.o(text);
      written = true;
    },
  };
}

/** An error as JSON text: {name, message, stack?, code?}. Whatever was thrown, this does not throw. */
export function describe(thrown: unknown): string {
  if (!(thrown instanceof Error))
    return JSON.stringify({ name: 'Error', message: `Thrown: ${textOf(thrown)}`.slice(0, 4096) });
  const code = property(thrown, 'code');
  return JSON.stringify({
    name: textOf(property(thrown, 'name')).slice(0, 128),
    message: textOf(property(thrown, 'message')).slice(0, 4096),
    stack: textOf(property(thrown, 'stack')).slice(0, 8192),
    ...(typeof code === 'string' ? { code: code.slice(0, 64) } : {}),
  });
}

function property(thrown: object, name: string): unknown {
  try {
    return (thrown as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  try {
    if (typeof value === 'string') return value;
    return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? 'object') : String(value);
  } catch {
    return 'a value that cannot be shown';
  }
}
