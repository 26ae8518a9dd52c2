import { protocol, type PGlite, type messages } from '@electric-sql/pglite';
import { bindMessage } from './bind-message.ts';
import { CRASHED } from './pglite-messages.ts';

/**
 * Prepared statements over PGlite's wire protocol. PGlite's own `query` has each statement parsed and planned anew, which
 * for the statements of the ingest path takes longer than running them, and crosses into the database five times for
 * each; a prepared one crosses once.
 *
 *   absent -> prepared     on first use; the least recently used one makes room
 *   prepared -> absent     after a minute, since a plan is made for tables as they were, and these grow; and when the
 *                          database says that it no longer fits
 *
 * Only statements that have a plan, or parameters, are prepared.
 */
export interface PgliteStatements {
  /** @throws PgliteBrokenError when the answer is none; errors of the database as PGlite throws them */
  execute<R>(text: string, parameters: readonly unknown[]): Promise<{ rows: R[]; affectedRows: number }>;
}

/**
 * PGlite trapped, or answered without saying that it did what it was told: when its stack has overflown it takes the
 * statement for an empty one. There is no telling what its memory holds, so no other statement reaches it.
 */
export class PgliteBrokenError extends Error {
  override readonly name = 'PgliteBrokenError';
  readonly code = CRASHED;

  constructor(options?: ErrorOptions) {
    super('The embedded database broke.', options);
  }
}

interface Statement {
  readonly name: string;
  readonly parameterTypes: readonly number[];
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  readonly preparedAt: number;
}

const STATEMENTS = 200;
const STATEMENT_MS = 60_000;
const HAS_PLAN = /^\s*(select|insert|update|delete|with)\b/i;
/** A plan whose result has another type by now, and a statement that is gone (PostgreSQL manual, appendix A). */
const PLAN_IS_STALE = new Set(['0A000', '26000']);
const { serialize } = protocol;
const NOT_DONE = 'It did not say that the statement was carried out.';

export function createPgliteStatements(pglite: PGlite): PgliteStatements {
  const statements = new Map<string, Statement>();
  let prepared = 0;
  let broken: PgliteBrokenError | undefined;

  async function prepare(text: string): Promise<Statement> {
    const [oldest] = statements;
    if (statements.size >= STATEMENTS && oldest !== undefined) await forget(...oldest);
    const name = `s${++prepared}`;
    const answers = await send(
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    );
    const parameters = answers.find(isParameterDescription);
    const statement: Statement = {
      name,
      parameterTypes: parameters?.dataTypeIDs ?? [],
      fields: answers.find(isRowDescription)?.fields ?? [],
      preparedAt: performance.now(),
    };
    statements.set(text, statement);
    return statement;
  }

  async function forget(text: string, { name }: Statement): Promise<void> {
    statements.delete(text);
    await send(serialize.close({ type: 'S', name }), serialize.sync());
  }

  async function send(...parts: Uint8Array[]): Promise<messages.BackendMessage[]> {
    if (broken !== undefined) throw broken;
    try {
      return await pglite.execProtocolStream(Buffer.concat(parts), { syncToFs: false });
    } catch (error) {
      if (isOfTheDatabase(error)) throw error;
      return fail(error);
    }
  }

  function fail(cause: unknown): never {
    broken = new PgliteBrokenError({ cause });
    throw broken;
  }

  async function statementOf(text: string): Promise<Statement> {
    const known = statements.get(text);
    if (known === undefined) return prepare(text);
    if (performance.now() - known.preparedAt > STATEMENT_MS) {
      await forget(text, known);
      return prepare(text);
    }
    statements.delete(text);
    statements.set(text, known);
    return known;
  }

  function textOf(value: unknown, type: number | undefined): string | null {
    if (value === null || value === undefined) return null;
    const serializer = type === undefined ? undefined : pglite.serializers[type];
    if (serializer !== undefined) return serializer(value);
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  return {
    async execute<R>(text: string, parameters: readonly unknown[]) {
      if (parameters.length === 0 && !HAS_PLAN.test(text)) {
        const answers = await send(serialize.query(text));
        return readAnswers<R>(answers, answers.find(isRowDescription)?.fields ?? [], pglite.parsers) ?? fail(NOT_DONE);
      }
      const statement = await statementOf(text);
      const values = parameters.map((value, index) => textOf(value, statement.parameterTypes[index]));
      try {
        const answers = await send(bindMessage(statement.name, values), serialize.execute({}), serialize.sync());
        return readAnswers<R>(answers, statement.fields, pglite.parsers) ?? fail(NOT_DONE);
      } catch (error) {
        if (PLAN_IS_STALE.has(codeOf(error))) await forget(text, statement);
        throw error;
      }
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** SQLSTATEs are five characters; what else is thrown comes from WebAssembly or the code around it. */
function isOfTheDatabase(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test(codeOf(error));
}

/** @returns undefined when nothing says that the statement was carried out */
function readAnswers<R>(
  answers: readonly messages.BackendMessage[],
  fields: Statement['fields'],
  parsers: PGlite['parsers'],
): { rows: R[]; affectedRows: number } | undefined {
  const rows: R[] = [];
  let affectedRows: number | undefined;
  for (const answer of answers) {
    if (isDataRow(answer)) {
      const row: Record<string, unknown> = {};
      fields.forEach(({ name, dataTypeID }, index) => {
        const text = answer.fields[index] ?? null;
        const parse = parsers[dataTypeID];
        row[name] = text === null || parse === undefined ? text : parse(text, dataTypeID);
      });
      rows.push(row as R);
    } else if (isCommandComplete(answer)) affectedRows = Number(/\d+$/.exec(answer.text)?.[0] ?? 0);
  }
  return affectedRows === undefined ? undefined : { rows, affectedRows };
}

const isParameterDescription = (message: messages.BackendMessage): message is messages.ParameterDescriptionMessage =>
  message.name === 'parameterDescription';
const isRowDescription = (message: messages.BackendMessage): message is messages.RowDescriptionMessage =>
  message.name === 'rowDescription';
const isDataRow = (message: messages.BackendMessage): message is messages.DataRowMessage => message.name === 'dataRow';
const isCommandComplete = (message: messages.BackendMessage): message is messages.CommandCompleteMessage =>
  message.name === 'commandComplete';
