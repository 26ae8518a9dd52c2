import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, type Dialect } from 'kysely';
import { connectionOf, pgliteDialect, type Execute } from './pglite-dialect.ts';
import {
  OPENED,
  type PgliteAnswer,
  type PgliteFailure,
  type PgliteQuestion,
  type PgliteStart,
} from './pglite-messages.ts';
import { createPgliteStatements, PgliteBrokenError } from './pglite-statements.ts';
import type { Procedure } from './procedure.ts';
import type { Database } from './schema.ts';

/**
 * The thread that holds PGlite; the other end is pglite-client.ts.
 *
 *   opening -> answering questions, one after the other
 *
 * It ends when the other end ends it: after the answer that it has closed, or that something broke.
 */
export function servePglite(procedures: readonly AnyProcedure[]): void {
  if (parentPort === null) throw new Error('This runs as a thread of the host');
  const port = parentPort;
  answerAll(port, procedures).catch((error: unknown) => port.postMessage({ id: OPENED, failed: failureOf(error) }));
}

type AnyProcedure = Procedure<never, unknown>;

async function answerAll(port: MessagePort, procedures: readonly AnyProcedure[]): Promise<void> {
  const { folder } = workerData as PgliteStart;
  const pglite = await PGlite.create(folder);
  const { execute } = createPgliteStatements(pglite);
  const db = new Kysely<Database>({ dialect: pgliteInThisThread(execute) });
  const byName = new Map(procedures.map((procedure) => [procedure.name, procedure]));
  const tell = (answer: PgliteAnswer): void => port.postMessage(answer);
  let last = Promise.resolve();
  port.on('message', (question: PgliteQuestion) => {
    last = last.then(async () => {
      const told = await answer(question);
      try {
        tell(told);
      } catch (error) {
        // What cannot be cloned.
        tell({ id: question.id, failed: failureOf(error) });
      }
    });
  });
  tell({ id: OPENED, result: null });

  async function answer(question: PgliteQuestion): Promise<PgliteAnswer> {
    const { id } = question;
    try {
      if ('close' in question) {
        await pglite.close();
        return { id, result: null };
      }
      if ('procedure' in question) {
        const procedure = byName.get(question.procedure);
        if (procedure === undefined) throw new Error(`There is no procedure ${question.procedure}`);
        return { id, result: await procedure.run(db, ...(question.given as never)) };
      }
      if (question.first !== undefined) await execute(question.first, []);
      return { id, result: await execute<object>(question.text, question.parameters) };
    } catch (error) {
      return { id, failed: failureOf(error) };
    }
  }
}

/** Kysely for a procedure, inside the thread of PGlite: whoever called it has the one connection. */
function pgliteInThisThread(execute: Execute): Dialect {
  return pgliteDialect({
    acquire: async () =>
      connectionOf(async (text, parameters, first) => {
        if (first !== undefined) await execute(first, []);
        return execute(text, parameters);
      }),
    release: () => undefined,
    close: () => Promise.resolve(),
  });
}

function failureOf(error: unknown): PgliteFailure {
  if (error instanceof PgliteBrokenError)
    return { ...failureOf(error.cause), message: `${error.message} ${wordsOf(error.cause)}`, code: error.code };
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return { message: wordsOf(error), code, ...(code === '' && error instanceof Error ? { stack: error.stack } : {}) };
}

/** What PGlite's file system throws is no Error: it has a name and the number of a system error. */
function wordsOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error !== 'object' || error === null) return String(error);
  const { name, errno } = error as { name?: unknown; errno?: unknown };
  return `${String(name)} ${String(errno)}`;
}
