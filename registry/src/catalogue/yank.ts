import { appendDecision } from '../log/decision-log.ts';
import { namespaceExists, roleIn } from '../namespaces/namespace-members.ts';
import type { Registry } from '../registry.ts';
import { updateCatalogue } from './update-catalogue.ts';

export type YankOutcome =
  { ok: true } | { ok: false; code: 'PLUGIN_NOT_FOUND' | 'NAMESPACE_FORBIDDEN'; message: string };

/**
 * Takes a version out of the catalogue, or puts it back: resolvers skip a yanked version, those who have it keep it.
 *
 * @param reason null undoes it
 * @param by only members of the namespace may
 */
export async function yankVersion(
  registry: Registry,
  plugin: string,
  version: string,
  reason: string | null,
  by: string,
): Promise<YankOutcome> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction): Promise<YankOutcome> => {
    const namespace = plugin.slice(0, plugin.indexOf('/'));
    const role = await roleIn(transaction, namespace, by);
    if (role === undefined && (await namespaceExists(transaction, namespace)))
      return { ok: false, code: 'NAMESPACE_FORBIDDEN', message: 'This namespace belongs to somebody else.' };
    const { numUpdatedRows } = await transaction
      .updateTable('registry_versions')
      .set({ yanked_at: reason === null ? null : now, yank_reason: reason })
      .where('plugin_id', '=', plugin)
      .where('version', '=', version)
      .executeTakeFirst();
    if (role === undefined || numUpdatedRows !== 1n)
      return { ok: false, code: 'PLUGIN_NOT_FOUND', message: `${plugin} ${version} is not published.` };
    await updateCatalogue(transaction, plugin, now);
    const action = reason === null ? 'version.unyanked' : 'version.yanked';
    const decision = { actor: by, action, subject: `${plugin} ${version}` } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: reason === null ? {} : { reason } }, now);
    return { ok: true };
  });
}
