import type { Registry } from '../registry.ts';

/** Counts an installation, or one less: what a catalogue is sorted by. Says nothing about who. */
export async function countInstall({ db }: Registry, plugin: string, by: 1 | -1): Promise<void> {
  await db
    .updateTable('registry_plugins')
    .set((eb) => ({ installs: eb.fn<number>('greatest', [eb.val(0), eb('installs', '+', by)]) }))
    .where('plugin_id', '=', plugin)
    .execute();
}
