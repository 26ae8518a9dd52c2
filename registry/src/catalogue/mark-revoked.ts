import type { Transaction } from 'kysely';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { endOvertaken } from './sign-off-states.ts';
import { updateCatalogue } from './update-catalogue.ts';

interface RevocationOrder {
  plugin: string;
  range: string;
  kind: 'hard' | 'soft';
  reason: string;
  by: string;
  /** The sign-off that it belongs to, for the decision log. */
  signOff?: { id: string; askedBy: string };
}

/**
 * Puts the mark on those of the versions that do not have it or a graver one, in the catalogue and in the decision log.
 *
 * @param transaction has the plugin's versions locked
 * @returns the versions that were marked
 */
export async function markRevoked(
  transaction: Transaction<RegistryTables>,
  registry: Registry,
  versions: readonly string[],
  { plugin, range, kind, reason, by, signOff }: RevocationOrder,
  now: Date,
): Promise<string[]> {
  if (versions.length === 0) return [];
  const rows = await transaction
    .updateTable('registry_versions')
    .set((eb) => ({
      ...{ revoked_at: now, revocation_kind: kind, revocation_reason: reason, revoked_by: by },
      // As it is now: hosts that leave the version count themselves out of it.
      stopped_alone:
        kind === 'hard' && signOff === undefined
          ? eb
              .selectFrom('registry_installs as i')
              .select('i.installs')
              .whereRef('i.plugin_id', '=', 'registry_versions.plugin_id')
              .whereRef('i.version', '=', 'registry_versions.version')
          : null,
    }))
    .where('plugin_id', '=', plugin)
    .where('version', 'in', versions)
    .where((eb) =>
      kind === 'hard'
        ? eb.or([eb('revocation_kind', 'is', null), eb('revocation_kind', '=', 'soft')])
        : eb('revocation_kind', 'is', null),
    )
    .returning('version')
    .execute();
  const revoked = versions.filter((one) => rows.some(({ version }) => version === one));
  if (revoked.length === 0) return [];
  const overtaken = kind === 'hard' ? await endOvertaken(transaction, plugin, by, now) : [];
  await updateCatalogue(transaction, plugin, now);
  const details = {
    ...{ revoked, kind, reason },
    ...(signOff === undefined ? {} : { signOff: signOff.id, askedBy: signOff.askedBy }),
    ...(overtaken.length === 0 ? {} : { overtaken }),
  };
  const decision = { actor: by, action: 'version.revoked', subject: `${plugin} ${range}` } as const;
  await appendDecision(transaction, registry.key, { ...decision, details }, now);
  return revoked;
}
