import { Worker } from 'node:worker_threads';
import { databaseLimits } from '@patchbay/plugin-sdk/contract/limits';
import {
  CRASHED,
  OPENED,
  type PgliteAnswer,
  type PgliteFailure,
  type PgliteQuestion,
  type PgliteStart,
} from './pglite-messages.ts';
import { databaseThreadBundle } from './database-thread-bundle.ts';

/**
 * PGlite in a thread of its own: what it computes keeps no sender waiting, and no deadline of a plugin is judged late
 * because of it.
 *
 *   starting -> open      the thread has opened the database
 *   starting -> ended     it could not
 *   open     -> ended     closed; or the thread broke, or was ended because a statement took too long: whoever waits
 *                         is told that the database is gone
 */
export interface PgliteClient {
  /** False once it has ended. Another one may be opened after `close`. */
  readonly isOpen: boolean;
  /** Why it ended by itself. */
  readonly cause: unknown;
  /**
   * Runs a statement. Statements run one after the other in the order of the calls.
   *
   * @param first a statement that runs before; when it fails, the other does not run
   * @throws PgliteError what the database says, or that it is gone
   */
  execute<R>(
    text: string,
    parameters: readonly unknown[],
    first?: string,
  ): Promise<{ rows: R[]; affectedRows: number }>;
  /** Runs a procedure of the thread, in its turn like a statement. */
  call(procedure: string, given: readonly unknown[]): Promise<unknown>;
  /** Resolves once everything is on disk and the thread has ended; of one that broke, once it has ended. */
  close(): Promise<void>;
}

/** An error of the database, by its SQLSTATE. */
export class PgliteError extends Error {
  override readonly name = 'PgliteError';
  readonly code: string;

  constructor({ message, code, stack }: PgliteFailure, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    if (stack !== undefined) this.stack = stack;
  }
}

const ended = (cause?: unknown): PgliteError =>
  new PgliteError({ message: 'The embedded database has ended.', code: CRASHED }, { cause });

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * @param folder of the database itself, which nobody else has open
 * @param statementMs how long a statement may take
 */
export async function openPgliteClient(
  folder: string,
  statementMs = databaseLimits.embeddedStatementMs,
): Promise<PgliteClient> {
  const workerData: PgliteStart = { folder };
  const thread = new Worker(await databaseThreadBundle(), { workerData });
  const waiting = new Map<number, Waiting>();
  let lastId = OPENED;
  let isOpen = true;
  let cause: unknown;

  thread.on('message', (answer: PgliteAnswer) => {
    const who = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('failed' in answer && answer.failed.code === CRASHED) end(new PgliteError(answer.failed));
    if ('failed' in answer) who?.reject(new PgliteError(answer.failed));
    else who?.resolve(answer.result);
  });
  thread.on('error', (error) => (cause = error));
  const exited = new Promise<void>((resolve) => {
    thread.once('exit', () => {
      isOpen = false;
      for (const { reject } of waiting.values()) reject(ended(cause));
      waiting.clear();
      resolve();
    });
  });

  function end(why?: Error): void {
    isOpen = false;
    cause = why;
    void thread.terminate();
  }

  function answerTo(id: number, ms: number): Promise<unknown> {
    // What has no answer by then will have none: a loop inside the database can be ended only with it.
    const judge = (): void => {
      if (waiting.has(id)) end(new Error(`The embedded database did not answer within ${ms} ms.`));
    };
    // The answer may be there already, unread, when this process was stopped or busy.
    const timer = setTimeout(() => setImmediate(judge), ms);
    const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    return answer.finally(() => clearTimeout(timer));
  }

  async function ask(question: PgliteQuestion, ms: number): Promise<unknown> {
    if (!isOpen) throw ended(cause);
    thread.postMessage(question);
    return answerTo(question.id, ms);
  }

  try {
    await answerTo(OPENED, databaseLimits.embeddedOpenMs);
  } catch (error) {
    end();
    await exited;
    const why = error instanceof Error ? error.message : String(error);
    throw new PgliteError(
      { message: `The embedded database cannot be opened: ${why}`, code: CRASHED },
      { cause: error },
    );
  }
  return {
    get isOpen() {
      return isOpen;
    },
    get cause() {
      return cause;
    },
    async execute<R>(text: string, parameters: readonly unknown[], first?: string) {
      const id = ++lastId;
      const statement = { id, text, parameters, ...(first === undefined ? {} : { first }) };
      const result = await ask(statement, statementMs);
      return result as { rows: R[]; affectedRows: number };
    },
    call: (procedure, given) => ask({ id: ++lastId, procedure, given }, databaseLimits.embeddedProcedureMs),
    async close() {
      if (isOpen) await ask({ id: ++lastId, close: true }, databaseLimits.embeddedOpenMs).finally(() => end());
      await exited;
    },
  };
}
