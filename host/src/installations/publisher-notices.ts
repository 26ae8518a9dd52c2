import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { PublisherNotice } from '@patchbay/plugin-sdk/contract/rest/plugins';
import type { LogPlace } from '@patchbay/registry/client/registry-trust';
import type { LogEntry } from '@patchbay/registry/log/log-entry';
import { ApiError } from '../api/api-error.ts';
import type { Actor } from '../api/access.ts';
import { audit } from '../identity/audit.ts';
import { transact } from '../store/transact.ts';
import type { Database } from '../store/schema.ts';
import type { InstallationDependencies } from './install-plugin.ts';

/** Of one round; a log that is far ahead is read in several. */
const PAGES = 10;
const READ_TO = 'registry.log-read';
const ACTOR = 'policy:publishers';
const placeSchema = z.object({ number: z.int(), logHash: z.string() });

const kinds = { 'namespace.owners-changed': 'owners-changed', 'key.lost': 'key-lost' } as const;

/**
 * What an operator is told about the publishers of what is installed: that a namespace has other owners, or signs with a
 * key that no earlier one vouches for.
 *
 *   open -> agreed    an admin of the group has read it; until then nothing of the namespace is updated there
 *
 * A host that reads a log for the first time begins at its end.
 *
 * @returns the number of the decision up to which the log was read
 */
export async function readNotices({
  db,
  client,
  hub,
}: Pick<InstallationDependencies, 'db' | 'client' | 'hub'>): Promise<number> {
  for (let page = 0; ; page++) {
    const before = await readPlace(db);
    const { entries, place } = await client.log(before);
    if (before?.number === place.number) return place.number;
    const told = await transact(db, async (trx) => {
      const groups = new Set<GroupId>();
      for (const entry of entries) for (const groupId of await tell(trx, entry)) groups.add(groupId);
      await keepPlace(trx, place);
      return groups;
    });
    for (const groupId of told) hub.publish(groupId, ['installations']);
    if (before === undefined || page === PAGES) return place.number;
  }
}

/** @returns the groups that have something of the namespace, and were not told before */
async function tell(db: Kysely<Database>, entry: LogEntry): Promise<GroupId[]> {
  if (!(entry.action in kinds)) return [];
  const kind = kinds[entry.action as keyof typeof kinds];
  const { seq, subject: namespace, at } = entry;
  const details = { by: entry.actor, ...entry.details };
  const { rows } = await sql<{ group_id: GroupId }>`
    insert into publisher_notices (group_id, seq, namespace, kind, details, decided_at)
    select distinct i.group_id, ${seq}::bigint, ${namespace}, ${kind}, ${JSON.stringify(details)}::jsonb, ${at}::timestamptz
    from installations i
    where split_part(i.plugin_id, '/', 1) = ${namespace} and i.removed_at is null
    on conflict (group_id, seq) do nothing
    returning group_id`.execute(db);
  for (const { group_id } of rows)
    await audit(db, { groupId: group_id, name: ACTOR }, `publisher.${kind}`, namespace, { seq, ...details });
  return rows.map(({ group_id }) => group_id);
}

/** What a group has not agreed to yet, the oldest first. */
export async function openNotices(db: Kysely<Database>, groupId: GroupId): Promise<PublisherNotice[]> {
  const rows = await db
    .selectFrom('publisher_notices')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('agreed_at', 'is', null)
    .orderBy('seq')
    .limit(200)
    .execute();
  return rows.map(({ seq, namespace, kind, details, decided_at }) => ({
    seq,
    namespace,
    kind,
    details,
    decidedAt: decided_at.toISOString(),
  }));
}

/** An admin has read what is known up to a decision, and takes updates of the namespace again. */
export async function agreeToPublisher(
  { db, hub }: Pick<InstallationDependencies, 'db' | 'hub'>,
  actor: Pick<Actor, 'groupId' | 'name'>,
  namespace: string,
  upTo: number,
): Promise<void> {
  await transact(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('publisher_notices')
      .set({ agreed_at: new Date(), agreed_by: actor.name })
      .where('group_id', '=', actor.groupId)
      .where('namespace', '=', namespace)
      .where('seq', '<=', upTo)
      .where('agreed_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new ApiError('NOT_FOUND', 'There is nothing about this publisher to agree to.');
    await audit(trx, actor, 'publisher.agree', namespace, { upTo });
  });
  hub.publish(actor.groupId, ['installations']);
}

/**
 * Holds an update while its publisher is not who it was.
 *
 * @throws ApiError PUBLISHER_CHANGED
 */
export async function demandKnownPublisher(db: Kysely<Database>, groupId: GroupId, plugin: string): Promise<void> {
  const namespace = plugin.slice(0, plugin.indexOf('/'));
  const open = await db
    .selectFrom('publisher_notices')
    .select('kind')
    .where('group_id', '=', groupId)
    .where('namespace', '=', namespace)
    .where('agreed_at', 'is', null)
    .orderBy('seq', 'desc')
    .executeTakeFirst();
  if (open === undefined) return;
  const what =
    open.kind === 'key-lost' ? 'signs with a key that the earlier one does not vouch for' : 'has other owners';
  throw new ApiError('PUBLISHER_CHANGED', `"${namespace}" ${what}. An admin of this group has to agree to that first.`);
}

async function readPlace(db: Kysely<Database>): Promise<LogPlace | undefined> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', READ_TO).executeTakeFirst();
  return row === undefined ? undefined : placeSchema.parse(row.value);
}

/** Two hosts on one database may read the same page: what they tell, they tell once. */
async function keepPlace(db: Kysely<Database>, { number, logHash }: LogPlace): Promise<void> {
  const value = JSON.stringify({ number, logHash });
  await db
    .insertInto('settings')
    .values({ name: READ_TO, value })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ value })
        .where(({ eb, ref }) => eb(sql<number>`(${ref('settings.value')} ->> 'number')::bigint`, '<', number)),
    )
    .execute();
}
