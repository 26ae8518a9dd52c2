import { appendDecision } from '../log/decision-log.ts';
import { namespaceExists, roleIn } from '../namespaces/namespace-members.ts';
import type { Registry } from '../registry.ts';

export type DeprecationOutcome =
  { ok: true } | { ok: false; code: 'PLUGIN_NOT_FOUND' | 'NAMESPACE_FORBIDDEN'; message: string };

interface Deprecation {
  message: string;
  /** The plugin to use instead. */
  replacement: string | null;
}

/**
 * Says that a plugin is no longer looked after, and what to use instead; it stays listed and goes on running.
 *
 * @param deprecation null takes it back
 * @param by only owners of the namespace may
 */
export async function deprecatePlugin(
  registry: Registry,
  plugin: string,
  deprecation: Deprecation | null,
  by: string,
): Promise<DeprecationOutcome> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction): Promise<DeprecationOutcome> => {
    const namespace = plugin.slice(0, plugin.indexOf('/'));
    const role = await roleIn(transaction, namespace, by);
    if (role !== 'owner' && (await namespaceExists(transaction, namespace)))
      return { ok: false, code: 'NAMESPACE_FORBIDDEN', message: 'Only an owner of this namespace may do that.' };
    const missing = async (id: string): Promise<boolean> =>
      (await transaction
        .selectFrom('registry_plugins')
        .select('plugin_id')
        .where('plugin_id', '=', id)
        .executeTakeFirst()) === undefined;
    for (const id of [plugin, deprecation?.replacement ?? plugin])
      if (await missing(id))
        return { ok: false, code: 'PLUGIN_NOT_FOUND', message: `The registry has no plugin ${id}.` };
    await transaction
      .updateTable('registry_plugins')
      .set({
        deprecation_message: deprecation?.message ?? null,
        deprecation_replacement: deprecation?.replacement ?? null,
      })
      .where('plugin_id', '=', plugin)
      .execute();
    const action = deprecation === null ? 'plugin.undeprecated' : 'plugin.deprecated';
    const decision = { actor: by, action, subject: plugin } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: { ...deprecation } }, now);
    return { ok: true };
  });
}
