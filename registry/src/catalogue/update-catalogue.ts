import semver from 'semver';
import type { Transaction } from 'kysely';
import type { RegistryTables } from '../store/registry-tables.ts';

/**
 * Makes a plugin's row in the catalogue what its versions say: its face is that of the newest version that is neither
 * yanked nor held nor revoked, a release before any pre-release. Called in every transaction that changes a version.
 */
export async function updateCatalogue(
  transaction: Transaction<RegistryTables>,
  pluginId: string,
  now: Date,
): Promise<void> {
  const versions = await transaction
    .selectFrom('registry_versions')
    .select(['version', 'manifest', 'yanked_at', 'revoked_at', 'held_at'])
    .where('plugin_id', '=', pluginId)
    .execute();
  const available = versions.filter(
    ({ yanked_at, revoked_at, held_at }) => yanked_at === null && revoked_at === null && held_at === null,
  );
  const latest = newest(available) ?? null;
  const face = (latest ?? newest(versions))?.manifest;
  if (face === undefined) return;
  const row = {
    namespace: pluginId.slice(0, pluginId.indexOf('/')),
    latest_version: latest?.version ?? null,
    name: face.name,
    categories: JSON.stringify(face.categories),
    provides: JSON.stringify(face.provides),
    integration_type: face.integrationType ?? null,
    search_text: [face.id, face.name, face.vendor ?? '', face.summary, ...face.keywords].join('\n').toLowerCase(),
    updated_at: now,
  };
  await transaction
    .insertInto('registry_plugins')
    .values({ plugin_id: pluginId, ...row })
    .onConflict((conflict) => conflict.column('plugin_id').doUpdateSet(row))
    .execute();
}

/** The newest of these versions; pre-releases count only among themselves. */
function newest<T extends { version: string }>(versions: readonly T[]): T | undefined {
  const releases = versions.filter(({ version }) => semver.prerelease(version) === null);
  const candidates = releases.length > 0 ? releases : versions;
  return candidates.reduce<T | undefined>(
    (best, one) => (best === undefined || semver.gt(one.version, best.version) ? one : best),
    undefined,
  );
}
