import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { PluginRuns } from '@patchbay/plugin-sdk/contract/rest/runs';
import type { ProcessSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { CallErrors } from './call-errors.ts';

const MICROS_PER_MS = 1000;

/** What the installations of a group did since the host was started, those that did nothing among them. */
export async function pluginRuns(
  db: Kysely<Database>,
  sandbox: Pick<ProcessSandbox, 'statistics'>,
  callErrors: CallErrors,
  groupId: GroupId,
): Promise<PluginRuns[]> {
  const installed = await db
    .selectFrom('installations as i')
    .leftJoin('plugin_quarantines as q', (join) =>
      join
        .onRef('q.group_id', '=', 'i.group_id')
        .onRef('q.installation_id', '=', 'i.installation_id')
        .onRef('q.module_sha256', '=', 'i.module_sha256'),
    )
    .select(['i.installation_id', 'i.plugin_id', 'i.version', 'i.module_sha256'])
    .select(['q.reason', 'q.strikes', 'q.quarantined_at'])
    .where('i.group_id', '=', groupId)
    .where('i.removed_at', 'is', null)
    .orderBy('i.plugin_id')
    .orderBy('i.installation_id')
    .execute();
  const counted = new Map(
    sandbox
      .statistics()
      .filter(({ group }) => group === groupId)
      .map((counters) => [`${counters.installation} ${counters.module}`, counters]),
  );
  return installed.map((row) => {
    const counters = counted.get(`${row.installation_id} ${row.module_sha256}`);
    return {
      installationId: row.installation_id,
      plugin: row.plugin_id,
      version: row.version,
      runs: counters?.runs ?? 0,
      errors: counters?.errors ?? {},
      callErrors: callErrors.of(groupId, row.installation_id),
      cpuMillis: {
        total: (counters?.cpuMicrosTotal ?? 0) / MICROS_PER_MS,
        p50: (counters?.cpuMicrosP50 ?? 0) / MICROS_PER_MS,
        p99: (counters?.cpuMicrosP99 ?? 0) / MICROS_PER_MS,
      },
      memoryBytesMax: counters?.memoryBytesMax ?? 0,
      strikes: counters?.strikes ?? { cpu: 0, trap: 0 },
      lastRunAt: counters === undefined ? null : new Date(counters.lastRunAt).toISOString(),
      quarantine:
        row.reason === null || row.strikes === null || row.quarantined_at === null
          ? null
          : { reason: row.reason, strikes: row.strikes, since: row.quarantined_at.toISOString() },
    };
  });
}
