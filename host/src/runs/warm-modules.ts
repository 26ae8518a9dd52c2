import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

export interface Warming {
  db: Kysely<Database>;
  sandbox: { warm(modules: readonly string[]): Promise<void> };
  /** Loaded before all others. */
  always: readonly string[];
  log: { warn(fields: object, message: string): void };
}

/** So many are loaded before the door opens; more would make a start slow. */
const BEFORE_THE_DOOR = 8;
/** Of a process; the others are loaded when they are first needed. */
const MODULES = 50;

/**
 * Loads plugins before their first run: one that is met cold takes longer than a sender's answer waits. Those of
 * integrations that exist are waited for, the most used first; the others follow one by one, so that runs which come
 * meanwhile do not wait behind them.
 *
 * @returns ends the loading, and waits for the module at hand
 */
export async function warmModules({ db, sandbox, always, log }: Warming): Promise<() => Promise<void>> {
  const modules = await modulesInUse(db);
  const first = modules.filter(({ integrations }) => integrations > 0).slice(0, BEFORE_THE_DOOR);
  await sandbox.warm([...always, ...first.map(({ module }) => module)]);
  let stopping = false;
  const loadOthers = async (): Promise<void> => {
    for (const { module } of modules.filter((one) => !first.includes(one))) {
      if (stopping) return;
      await sandbox.warm([module]);
    }
  };
  const others = loadOthers().catch((error: unknown) => log.warn({ err: error }, 'plugins could not be loaded ahead'));
  return () => {
    stopping = true;
    return others;
  };
}

/** Over all groups: the modules of enabled installations, with the number of integrations of their type. */
function modulesInUse(db: Kysely<Database>): Promise<{ module: string; integrations: number }[]> {
  return db
    .selectFrom('installations')
    .leftJoin('integrations', (join) =>
      join
        .onRef('integrations.group_id', '=', 'installations.group_id')
        .onRef('integrations.installation_id', '=', 'installations.installation_id')
        .on('integrations.removed_at', 'is', null),
    )
    .select('installations.module_sha256 as module')
    .select(({ fn }) => fn.count<number>('integrations.integration_id').as('integrations'))
    .where('installations.state', '=', 'enabled')
    .where('installations.removed_at', 'is', null)
    .groupBy('installations.module_sha256')
    .orderBy('integrations', 'desc')
    .orderBy(({ fn }) => fn.countAll(), 'desc')
    .limit(MODULES)
    .execute();
}
