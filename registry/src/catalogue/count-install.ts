import type { Registry } from '../registry.ts';

/**
 * Counts an installation of a version, or one less: what a catalogue is sorted by, and what a revocation touches. Says
 * nothing about who.
 */
export async function countInstall(
  { db }: Registry,
  plugin: string,
  version: string | undefined,
  by: 1 | -1,
): Promise<void> {
  await db
    .updateTable('registry_plugins')
    .set((eb) => ({ installs: eb.fn<number>('greatest', [eb.val(0), eb('installs', '+', by)]) }))
    .where('plugin_id', '=', plugin)
    .execute();
  if (version === undefined) return;
  await db
    .insertInto('registry_installs')
    .columns(['plugin_id', 'version', 'installs'])
    .expression((eb) =>
      eb
        .selectFrom('registry_versions')
        .select(['plugin_id', 'version', eb.val(Math.max(0, by)).as('installs')])
        .where('plugin_id', '=', plugin)
        .where('version', '=', version),
    )
    .onConflict((conflict) =>
      conflict.columns(['plugin_id', 'version']).doUpdateSet((eb) => ({
        installs: eb.fn<number>('greatest', [eb.val(0), eb('registry_installs.installs', '+', by)]),
      })),
    )
    .execute();
}
