import { sql } from 'kysely';
import { z } from 'zod';
import type { GroupId, InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { RevocationsStatement } from '@patchbay/plugin-sdk/package/statement';
import { RegistryUnavailable } from '@patchbay/registry/client/registry-client';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import { transact } from '../store/transact.ts';
import type { InstallationDependencies } from './install-plugin.ts';
import { readNotices } from './publisher-notices.ts';
import { presentRevocations } from './revocation-list.ts';

type Dependencies = Pick<InstallationDependencies, 'db' | 'client' | 'hub' | 'changed'>;

export interface WatchOptions extends Dependencies {
  log: { warn(fields: object, message: string): void };
  everyMs?: number;
}

/** Between a revocation and its end on this host lie at most this and what runs at that moment. */
const EVERY_MS = 2_000;
const ACTOR = 'policy:revocation';
const SOFT_DONE = 'registry.soft-revocations';

/**
 * Asks the registry again and again what is revoked, and stops it here; and what became of publishers, and tells it here.
 *
 *   asking -> waiting    nothing new, or carried out
 *          -> complained the list is refused or has ended: said once, asked again; what runs goes on running
 *
 * @returns the function that ends it, once what is under way is done
 */
export function watchRevocations({ log, everyMs = EVERY_MS, ...deps }: WatchOptions): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let applied = 0;
  let readTo = 0;
  let complained = '';
  const round = async (): Promise<void> => {
    try {
      const list = await presentRevocations(deps, applied);
      if (list.number > applied || list.entries.length > 0) await carryOut(deps, list);
      applied = list.number;
      if (list.number > readTo) readTo = await readNotices(deps);
      complained = '';
    } catch (error) {
      const code = codeOf(error);
      if (code !== complained) log.warn({ err: error, code }, 'what the registry decided is not known or not believed');
      complained = code;
    }
  };
  let running = Promise.resolve();
  const next = (): void => {
    timer = setTimeout(() => {
      running = round().then(() => {
        if (!stopped) next();
      });
    }, everyMs);
    timer.unref();
  };
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof ApiError || error instanceof RegistryUnavailable ? error.code : 'INTERNAL';
}

/**
 * Stops what a list revokes, in every group of this host: hard ones are quarantined whenever they are met, soft ones
 * are disabled once, so that who enables them again is left alone. Calls that began with a revoked version do not go on.
 *
 * A version is stopped by its name and not by its module: others may have the very same module, a corrected version whose
 * manifest alone was wrong as well as the original of a copy, and nobody has decided about those.
 *
 * @returns how many installations were stopped
 */
export async function carryOut({ db, hub, changed }: Dependencies, list: RevocationsStatement): Promise<number> {
  if (list.entries.length === 0) return 0;
  const stopped = await transact(db, async (trx) => {
    const done = await trx.selectFrom('settings').select('value').where('name', '=', SOFT_DONE).executeTakeFirst();
    const softDone = new Set(done === undefined ? [] : z.array(z.string()).parse(done.value));
    const due = list.entries.filter(({ kind, id, version }) => kind === 'hard' || !softDone.has(`${id} ${version}`));
    const rows = await sql<{
      group_id: GroupId;
      installation_id: InstallationId;
      id: string;
      version: string;
      kind: string;
      reason: string;
    }>`
      with r as (
        select * from jsonb_to_recordset(${JSON.stringify(due)}::jsonb)
          as t(id text, version text, kind text, reason text)
      ), past as (
        update installation_versions v set revoked = true, restorable = false
        from r join installations i on i.plugin_id = r.id
        where r.kind = 'hard' and v.group_id = i.group_id and v.installation_id = i.installation_id
          and v.version = r.version and not v.revoked
      )
      update installations i set state = case r.kind when 'hard' then 'quarantined' else 'disabled' end
      from r
      where i.plugin_id = r.id and i.version = r.version
        and i.removed_at is null
        and case r.kind when 'hard' then i.state <> 'quarantined' else i.state = 'enabled' end
      returning i.group_id, i.installation_id, r.id, r.version, r.kind, r.reason`.execute(trx);
    for (const { group_id, installation_id, ...details } of rows.rows) {
      const action = details.kind === 'hard' ? 'installation.quarantine' : 'installation.disable';
      await audit(trx, { groupId: group_id, name: ACTOR }, action, installation_id, details);
    }
    const soft = list.entries.filter(({ kind }) => kind === 'soft').map(({ id, version }) => `${id} ${version}`);
    if (soft.some((one) => !softDone.has(one))) {
      const value = JSON.stringify(soft);
      await trx
        .insertInto('settings')
        .values({ name: SOFT_DONE, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    }
    return rows.rows;
  });
  if (stopped.length === 0) return 0;
  changed?.();
  for (const groupId of new Set(stopped.map(({ group_id }) => group_id)))
    hub.publish(groupId, ['installations', 'integrations', 'destinations']);
  return stopped.length;
}
