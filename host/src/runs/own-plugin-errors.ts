import type { OwnPluginErrors } from '@patchbay/plugin-sdk/contract/rest/runs';
import type { ProcessSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { CallErrors } from './call-errors.ts';

/** An error that fewer groups had is left out: it would say what one of them does. */
export const FEWEST_GROUPS = 3;

interface ErrorCount {
  count: number;
  groups: Set<string>;
}

/**
 * How often versions of these plugins failed on this host, by error code, over all groups: for their author, who may
 * see nobody's data. This is the one query over installations without a group; it gives no group, id or setting.
 */
export async function ownPluginErrors(
  db: Kysely<Database>,
  sandbox: Pick<ProcessSandbox, 'statistics'>,
  callErrors: Pick<CallErrors, 'of'>,
  plugins: readonly string[],
): Promise<OwnPluginErrors> {
  if (plugins.length === 0) return { items: [], leftOut: 0, fewestGroups: FEWEST_GROUPS };
  const installed = await db
    .selectFrom('installations')
    .select(['group_id', 'installation_id', 'plugin_id', 'version', 'module_sha256'])
    .where('plugin_id', 'in', plugins)
    .where('removed_at', 'is', null)
    .execute();
  const counted = new Map(
    sandbox
      .statistics()
      .map(({ group, installation, module, errors }) => [`${group} ${installation} ${module}`, errors] as const),
  );
  const byError = new Map<string, ErrorCount>();
  for (const row of installed) {
    const runs = counted.get(`${row.group_id} ${row.installation_id} ${row.module_sha256}`) ?? {};
    for (const errors of [runs, callErrors.of(row.group_id, row.installation_id)])
      for (const [code, count = 0] of Object.entries(errors)) {
        const name = `${row.plugin_id} ${row.version} ${code}`;
        const known = byError.get(name) ?? { count: 0, groups: new Set() };
        known.count += count;
        known.groups.add(row.group_id);
        byError.set(name, known);
      }
  }
  const shown = [...byError].filter(([, { groups }]) => groups.size >= FEWEST_GROUPS);
  return {
    items: shown
      .map(([name, { count }]) => {
        const [plugin = '', version = '', code = ''] = name.split(' ');
        return { plugin, version, code, count };
      })
      .sort((a, b) => b.count - a.count),
    leftOut: byError.size - shown.length,
    fewestGroups: FEWEST_GROUPS,
  };
}
