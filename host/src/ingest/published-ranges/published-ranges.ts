import type { Kysely } from 'kysely';
import type { PublishedRanges } from '@patchbay/plugin-sdk/contract/published-ranges';
import type { Database } from '../../store/schema.ts';
import type { FetchPinned } from '../verification/pinned-keys.ts';
import { readRanges, sourceDigest } from './read-ranges.ts';

/**
 * What vendors publish of their addresses, in the database. A list:
 *
 *   unknown --fetched--> known --fetched--> known
 *   unknown --failed--> unknown        known --failed--> known, with the addresses it had and what went wrong
 *
 * It is due a day after it was fetched, and an hour after that failed. Whoever writes `tried_at` first fetches: of
 * several hosts one does.
 */
export interface RangesKeeper {
  /** Fetches the lists that are due, or with `now` all that were not tried within seconds. */
  refresh(sources: readonly PublishedRanges[], when: 'due' | 'now'): Promise<void>;
  stop(): Promise<void>;
}

interface KeeperDeps {
  db: Kysely<Database>;
  fetchList: FetchPinned;
  /** Lists are new: what is kept of integrations is old. */
  changed: () => Promise<void>;
  log: { warn(fields: object, message: string): void };
}

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const AGAIN_MS = 10_000;

export function startRangesKeeper({ db, fetchList, changed, log }: KeeperDeps): RangesKeeper {
  let stopping = false;
  let running: Promise<void> = Promise.resolve();

  async function refresh(sources: readonly PublishedRanges[], when: 'due' | 'now'): Promise<void> {
    const byDigest = new Map(sources.map((source) => [sourceDigest(source), source]));
    let anyNew = false;
    for (const [digest, source] of byDigest) {
      if (stopping) break;
      if (await claim(db, digest, when)) anyNew = (await fetchOne(digest, source)) || anyNew;
    }
    if (anyNew) await changed();
  }

  async function fetchOne(digest: string, source: PublishedRanges): Promise<boolean> {
    const outcome = await readList(source);
    const change = Array.isArray(outcome)
      ? { ranges: JSON.stringify(outcome), fetched_at: new Date(), failure: null }
      : { failure: outcome.failure };
    if (!Array.isArray(outcome))
      log.warn({ url: source.url, failure: outcome.failure }, 'published addresses not read');
    await db.updateTable('published_ranges').set(change).where('source_sha256', '=', digest).execute();
    return Array.isArray(outcome);
  }

  async function readList(source: PublishedRanges): Promise<string[] | { failure: string }> {
    try {
      const { status, body } = await fetchList(source.url);
      return status === 200 ? readRanges(source, body) : { failure: `The vendor answered ${status}.` };
    } catch (error) {
      return { failure: error instanceof Error ? error.message : 'The list could not be read.' };
    }
  }

  const hourly = setInterval(() => {
    running = running
      .then(async () => refresh(await sourcesInUse(db), 'due'))
      .catch((error: unknown) => log.warn({ err: error }, 'published addresses could not be refreshed'));
  }, HOUR_MS);
  hourly.unref();

  return {
    refresh,
    async stop() {
      stopping = true;
      clearInterval(hourly);
      await running;
    },
  };
}

/** Says that this host tries now. @returns false when it is not due, or another host does */
async function claim(db: Kysely<Database>, digest: string, when: 'due' | 'now'): Promise<boolean> {
  const now = Date.now();
  const row = await db
    .insertInto('published_ranges')
    .values({ source_sha256: digest, tried_at: new Date(now) })
    .onConflict((conflict) =>
      conflict
        .column('source_sha256')
        .doUpdateSet({ tried_at: new Date(now) })
        .where((where) =>
          when === 'now'
            ? where('published_ranges.tried_at', '<', new Date(now - AGAIN_MS))
            : where.or([
                where('published_ranges.tried_at', '<', new Date(now - DAY_MS)),
                where.and([
                  // Whoever tried last may have died before it could say how that went.
                  where.or([
                    where('published_ranges.failure', 'is not', null),
                    where('published_ranges.fetched_at', 'is', null),
                  ]),
                  where('published_ranges.tried_at', '<', new Date(now - HOUR_MS)),
                ]),
              ]),
        ),
    )
    .returning('source_sha256')
    .executeTakeFirst();
  return row !== undefined;
}

/** Of all groups: a list belongs to none. */
async function sourcesInUse(db: Kysely<Database>): Promise<PublishedRanges[]> {
  const rows = await db
    .selectFrom('integrations as i')
    .innerJoin('installations as p', (join) =>
      join.onRef('p.group_id', '=', 'i.group_id').onRef('p.installation_id', '=', 'i.installation_id'),
    )
    .select('p.manifest')
    .where('i.published_only', '=', true)
    .where('i.removed_at', 'is', null)
    .execute();
  return rows.flatMap(({ manifest }) => manifest.publishedRanges ?? []);
}

interface KnownRanges {
  readonly ranges: readonly string[];
  /** False while a list was never read. */
  readonly complete: boolean;
  readonly fetchedAt: Date | null;
  readonly failure: string | null;
}

/** What is known of the lists of a plugin, taken together: the oldest time, the first failure. */
export async function knownRanges(db: Kysely<Database>, sources: readonly PublishedRanges[]): Promise<KnownRanges> {
  const digests = [...new Set(sources.map(sourceDigest))];
  const rows =
    digests.length === 0
      ? []
      : await db.selectFrom('published_ranges').selectAll().where('source_sha256', 'in', digests).execute();
  const fetched = rows.flatMap(({ fetched_at: at }) => at ?? []);
  const complete = fetched.length === digests.length;
  return {
    ranges: rows.flatMap((row) => row.ranges),
    complete,
    fetchedAt: complete && fetched.length > 0 ? new Date(Math.min(...fetched.map((at) => at.getTime()))) : null,
    failure: rows.find(({ failure }) => failure !== null)?.failure ?? null,
  };
}
