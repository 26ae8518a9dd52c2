/** What the host and the thread that holds PGlite say to each other. Answers come in the order of the questions. */
export type PgliteQuestion =
  | {
      readonly id: number;
      readonly text: string;
      readonly parameters: readonly unknown[];
      /** A statement that runs before; when it fails, this one does not run. */
      readonly first?: string;
    }
  | { readonly id: number; readonly procedure: string; readonly given: readonly unknown[] }
  /** Closes the database and ends the thread. */
  | { readonly id: number; readonly close: true };

export type PgliteAnswer =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly failed: PgliteFailure };

/** What of an error crosses: structured clones of errors lose all that is not standard. */
export interface PgliteFailure {
  readonly message: string;
  /** SQLSTATE, or '' for an error that is not the database's. `CRASHED` of PGlite itself, which has no other. */
  readonly code: string;
  /** Of a mistake in a procedure: where it is. */
  readonly stack?: string | undefined;
}

/** crash_shutdown (PostgreSQL manual, appendix A): the embedded database cannot go on, whoever opens it again can. */
export const CRASHED = '57P02';

/** What the thread is started with. */
export interface PgliteStart {
  /** The folder of the database itself. */
  readonly folder: string;
}

/** The `id` of the answer that says whether the database was opened. */
export const OPENED = 0;
