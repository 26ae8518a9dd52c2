import type { Journal } from '../contract/journal.ts';
import type { RunRequest } from '../contract/run.ts';
import { encodeFrame, frameTypes } from './frames.ts';
import type { BatchMessage, ResumeMessage, RunMessage } from './messages.ts';

/**
 * The `run` frame for a request. The input goes as it is; the answers are encoded once, here.
 *
 * @param quick whether it may be started together with others; only for a request without a journal
 */
export function encodeRun(id: number, request: RunRequest, quick: boolean): Buffer {
  const { journal } = request;
  const message: RunMessage = {
    id,
    module: request.module,
    export: request.export,
    seed: journal.seed,
    startedAt: journal.startedAt,
    inputBytes: Buffer.byteLength(request.input),
  };
  if (request.limits !== undefined) message.limits = request.limits;
  if (request.call !== undefined) message.call = request.call;
  if (journal.asks.length === 0)
    return encodeFrame(quick ? frameTypes.quickRun : frameTypes.run, JSON.stringify(message), request.input);
  message.asks = journal.asks.map(({ kind, digest, blocking }) => ({ kind, digest, blocking }));
  const { batches, texts } = encodeBatches(journal);
  message.batches = batches;
  return encodeFrame(frameTypes.run, JSON.stringify(message), request.input, ...texts);
}

/** The `resume` frame for a call whose kept instance has taken that many of the journal's batches. */
export function encodeResume(id: number, call: string, { asks, batches }: Journal, taken: number): Buffer {
  const fresh = encodeBatches({ asks, batches: batches.slice(taken) });
  const message: ResumeMessage = { id, call, batches: fresh.batches };
  return encodeFrame(frameTypes.resume, JSON.stringify(message), ...fresh.texts);
}

/**
 * Batches as the guest reads them. The answer of a blocking ask stands alone whatever else arrived with it, since the
 * guest takes it at the point where it blocks and the rest when it has nothing left to do.
 */
function encodeBatches(journal: Pick<Journal, 'asks' | 'batches'>): { batches: BatchMessage[]; texts: string[] } {
  const batches: BatchMessage[] = [];
  const texts: string[] = [];
  const add = (at: number, asks: number[], blocking: boolean, value: unknown): void => {
    const text = JSON.stringify(value);
    batches.push({ at, bytes: Buffer.byteLength(text), asks, blocking });
    texts.push(text);
  };
  for (const { at, answers } of journal.batches) {
    const together = answers.filter(([ask]) => journal.asks[ask]?.blocking !== true);
    for (const [ask, answer] of answers) if (journal.asks[ask]?.blocking === true) add(at, [ask], true, answer);
    if (together.length > 0)
      add(
        at,
        together.map(([ask]) => ask),
        false,
        together,
      );
  }
  return { batches, texts };
}
