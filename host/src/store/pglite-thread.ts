import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import {
  CRASHED,
  OPENED,
  type PgliteAnswer,
  type PgliteFailure,
  type PgliteQuestion,
  type PgliteStart,
} from './pglite-messages.ts';
import { createPgliteStatements, PgliteBrokenError } from './pglite-statements.ts';

/**
 * The thread that holds PGlite; the other end is pglite-client.ts.
 *
 *   opening -> answering questions, one after the other
 *
 * It ends when the other end ends it: after the answer that it has closed, or that something broke.
 */
if (parentPort === null) throw new Error('This file runs as a thread of the host');
const port = parentPort;

async function answerAll(): Promise<void> {
  const { folder } = workerData as PgliteStart;
  const pglite = await PGlite.create(folder);
  const { execute } = createPgliteStatements(pglite);
  let last = Promise.resolve();
  port.on('message', (question: PgliteQuestion) => {
    last = last.then(async () => {
      tell(await answer(question));
    });
  });
  tell({ id: OPENED, rows: [], affectedRows: 0 });

  async function answer(question: PgliteQuestion): Promise<PgliteAnswer> {
    const { id } = question;
    try {
      if ('close' in question) {
        await pglite.close();
        return { id, rows: [], affectedRows: 0 };
      }
      if (question.first !== undefined) await execute(question.first, []);
      return { id, ...(await execute<object>(question.text, question.parameters)) };
    } catch (error) {
      return { id, failed: failureOf(error) };
    }
  }
}

function tell(answer: PgliteAnswer): void {
  port.postMessage(answer);
}

function failureOf(error: unknown): PgliteFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { message, code: isBroken(error) ? CRASHED : codeOf(error) };
}

/** After a trap, an abort or an overflow of its stack there is no telling what PGlite's memory holds. */
function isBroken(error: unknown): boolean {
  return (
    error instanceof PgliteBrokenError ||
    error instanceof WebAssembly.RuntimeError ||
    error instanceof RangeError ||
    (error instanceof Error && error.name === 'ExitStatus')
  );
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

answerAll().catch((error: unknown) => tell({ id: OPENED, failed: failureOf(error) }));
