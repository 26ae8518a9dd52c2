import type { InstallationId, GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { AskAnswer, StoreAsk } from '@patchbay/plugin-sdk/contract/journal';
import { sql, type Kysely } from 'kysely';
import { storableJson } from '../store/storable.ts';
import type { Database } from '../store/schema.ts';

interface StoreContext {
  groupId: GroupId;
  installationId: InstallationId;
  /** Bytes that the manifest asks for, at most the platform's limit. */
  bytes: number;
}

/**
 * Performs one operation on an installation's store, inside the transaction that records its answer. A version
 * conflict and a full store are answers, not failures: the plugin decides.
 */
export async function performStore(trx: Kysely<Database>, context: StoreContext, ask: StoreAsk): Promise<AskAnswer> {
  switch (ask.op) {
    case 'get': {
      const row = await ofInstallation(trx, context)
        .select(['value', 'version'])
        .where('key', '=', ask.key)
        .executeTakeFirst();
      return { ok: { value: row?.value ?? null, version: row?.version ?? 0 } };
    }
    case 'set':
      return set(trx, context, ask);
    case 'delete':
      return remove(trx, context, ask);
    case 'list': {
      const rows = await ofInstallation(trx, context)
        .select('key')
        .where(sql<boolean>`starts_with(key, ${ask.prefix})`)
        .where(sql<boolean>`key collate "C" > ${ask.after ?? ''}`)
        .orderBy(sql`key collate "C"`)
        .limit(sandboxLimits.storeListKeys)
        .execute();
      return { ok: { keys: rows.map((row) => row.key) } };
    }
  }
}

async function set(
  trx: Kysely<Database>,
  context: StoreContext,
  ask: Extract<StoreAsk, { op: 'set' }>,
): Promise<AskAnswer> {
  const value = storableJson(ask.value ?? null);
  const bytes = Buffer.byteLength(value) + Buffer.byteLength(ask.key);
  if (bytes > sandboxLimits.storeValueBytes)
    return {
      error: {
        code: 'STORE_VALUE_TOO_LARGE',
        message: `A stored value has at most ${sandboxLimits.storeValueBytes} bytes`,
      },
    };
  const others = await ofInstallation(trx, context)
    .select(({ fn }) => fn.coalesce(fn.sum<string>('bytes'), sql<string>`0`).as('sum'))
    .where('key', '<>', ask.key)
    .executeTakeFirstOrThrow();
  if (Number(others.sum) + bytes > context.bytes)
    return {
      error: {
        code: 'STORE_FULL',
        message: `The store of this installation holds at most ${context.bytes} bytes`,
      },
    };
  const { rows } = await sql<{ version: number }>`
    insert into plugin_store as s (group_id, installation_id, key, version, value, bytes)
    select ${context.groupId}, ${context.installationId}, ${ask.key}, 1, ${value}::jsonb, ${bytes}::int
    where ${ask.ifVersion}::int is null or ${ask.ifVersion}::int = 0
       or exists (select 1 from plugin_store where group_id = ${context.groupId}
                  and installation_id = ${context.installationId} and key = ${ask.key})
    on conflict (group_id, installation_id, key) do update
      set version = s.version + 1, value = excluded.value, bytes = excluded.bytes, updated_at = now()
      where ${ask.ifVersion}::int is null or s.version = ${ask.ifVersion}::int
    returning version
  `.execute(trx);
  const version = rows[0]?.version;
  return version === undefined ? conflict(ask.key) : { ok: { version } };
}

/** A key that is not there has version 0. */
async function remove(
  trx: Kysely<Database>,
  context: StoreContext,
  { key, ifVersion }: Extract<StoreAsk, { op: 'delete' }>,
): Promise<AskAnswer> {
  const present = await ofInstallation(trx, context)
    .select('version')
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirst();
  if (ifVersion !== null && ifVersion !== (present?.version ?? 0)) return conflict(key);
  await trx
    .deleteFrom('plugin_store')
    .where('group_id', '=', context.groupId)
    .where('installation_id', '=', context.installationId)
    .where('key', '=', key)
    .execute();
  return { ok: { version: 0 } };
}

function ofInstallation(trx: Kysely<Database>, { groupId, installationId }: StoreContext) {
  return trx.selectFrom('plugin_store').where('group_id', '=', groupId).where('installation_id', '=', installationId);
}

function conflict(key: string): AskAnswer {
  return { error: { code: 'CONFLICT', message: `The stored value "${key.slice(0, 64)}" has another version by now` } };
}
