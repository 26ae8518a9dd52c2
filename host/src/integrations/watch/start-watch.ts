import { sql, type Kysely } from 'kysely';
import { healthLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { LiveHub } from '../../live/live-hub.ts';
import type { Store } from '../../store/open-store.ts';
import type { Database } from '../../store/schema.ts';
import { watchRound, type WatchDeps } from './watch-round.ts';

export interface WatchOptions extends Omit<WatchDeps, 'db'> {
  readonly store: Store;
  readonly hub: LiveHub;
  readonly log: { warn(fields: object, message: string): void };
  readonly everyMs?: number;
}

/**
 * Watches integrations, one host of all at a time:
 *
 *   waiting --tick--> asking for the turn --another has had it--> waiting
 *                             |--it is ours--> looking --> waiting
 *
 * @returns ends it, and waits for the look that is under way
 */
export function startWatch(options: WatchOptions): () => Promise<void> {
  const { store, hub, clock, publicUrl, log, everyMs = healthLimits.watchEveryMs } = options;
  const { db } = store;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();

  async function look(): Promise<void> {
    try {
      const turn = await takeTurn(db, everyMs);
      if (turn === null) return;
      const groups = await watchRound({ db, clock, publicUrl }, turn.at, turn.upSince);
      for (const groupId of groups) hub.publish(groupId, ['incidents', 'integrations']);
      if (groups.size > 0) await store.notify('outbox').catch(() => undefined);
    } catch (error) {
      log.warn({ err: error }, 'integrations could not be watched; the next round tries again');
    }
  }
  const next = (): void => {
    timer = setTimeout(() => {
      running = look().then(() => {
        if (!stopped) next();
      });
    }, everyMs);
    timer.unref();
  };
  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}

interface Turn {
  /** By the clock of the database, which all hosts share; milliseconds since the epoch. */
  at: number;
  /** Since when there was a turn at every time: before, nobody could post. */
  upSince: number;
}

const NAME = 'integrations.watch';

/** Whose statement finds that the last turn is long enough ago has the next one; null for the others. */
export async function takeTurn(db: Kysely<Database>, everyMs: number): Promise<Turn | null> {
  // Timers come a little early and late: without the tenth, every second turn would be missed.
  const { rows } = await sql<{ value: Turn }>`
    insert into settings as s (name, value)
    select ${NAME}, jsonb_build_object('at', n.ms, 'upSince', n.ms)
    from (select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as ms) n
    on conflict (name) do update set value = jsonb_build_object('at', excluded.value->'at', 'upSince',
      case when (excluded.value->>'at')::bigint - (s.value->>'at')::bigint > ${healthLimits.watchGapMs}::bigint
        then excluded.value->'at' else s.value->'upSince' end)
    where (excluded.value->>'at')::bigint - (s.value->>'at')::bigint >= ${Math.floor(everyMs * 0.9)}::bigint
    returning s.value`.execute(db);
  return rows[0]?.value ?? null;
}
