import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/**
 * Versions that have come through their first runs, so that a restart neither makes a new one proven nor a proven one new.
 *
 *   absent -> proven   the sandbox says that it came through
 *   proven -> absent   a strike
 */
export interface ProvenModules {
  proved(module: string): void;
  struck(module: string): void;
  /** When everything so far is written down. */
  settled(): Promise<void>;
}

/** Of the modules in use: what the sandbox may take for proven from its first run on. */
export async function loadProven(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom('proven_modules')
    .select('module_sha256')
    .where('module_sha256', 'in', (inUse) =>
      inUse.selectFrom('installations').select('module_sha256').where('removed_at', 'is', null),
    )
    .execute();
  return rows.map((row) => row.module_sha256);
}

/** @param failed told what the database said; a version that was not written down is new again after a restart */
export function keepProven(db: Kysely<Database>, failed: (error: unknown) => void): ProvenModules {
  // One after another, so that a strike is never overtaken by what it ends.
  let last = Promise.resolve();
  const then = (write: () => Promise<unknown>) => {
    last = last.then(write).then(() => undefined, failed);
  };
  return {
    proved: (module) =>
      then(() =>
        db
          .insertInto('proven_modules')
          .values({ module_sha256: module, proven_at: new Date() })
          .onConflict((conflict) => conflict.column('module_sha256').doNothing())
          .execute(),
      ),
    struck: (module) => then(() => db.deleteFrom('proven_modules').where('module_sha256', '=', module).execute()),
    settled: () => last,
  };
}
