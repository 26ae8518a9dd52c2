import type { GroupId, InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import type { Release } from '@patchbay/registry/api/registry-resources';
import type { RegistryClient } from '@patchbay/registry/client/registry-client';
import { earlyUpdates } from './early-updates.ts';
import type { InstallationDependencies } from './install-plugin.ts';
import { versionsBefore } from './installation-versions.ts';
import { newerVersions, offeredUpdate } from './offered-updates.ts';

export interface InstallationRow {
  installation_id: InstallationId;
  plugin_id: string;
  version: string;
  manifest: Manifest;
  environment: Installation['environment'];
  state: Installation['state'];
  configuration: Record<string, unknown>;
  consent_digest: string;
  installed_at: Date;
  installed_by: string;
}

/** Installations as the API shows them: joined with the names of their secrets and what they can be updated to. */
export async function showInstallations(
  deps: Pick<InstallationDependencies, 'db' | 'client' | 'cooldownHours'>,
  groupId: GroupId,
  rows: readonly InstallationRow[],
): Promise<Installation[]> {
  if (rows.length === 0) return [];
  const { db, client } = deps;
  const secrets = await db
    .selectFrom('secrets')
    .select(['owner_id', 'name'])
    .distinct()
    .where('group_id', '=', groupId)
    .where('owner_kind', '=', 'installation')
    .where(
      'owner_id',
      'in',
      rows.map((row) => row.installation_id),
    )
    .where((where) => where.or([where('valid_until', 'is', null), where('valid_until', '>', new Date())]))
    .execute();
  const newest = await newestReleases(client, [...new Set(rows.map((row) => row.plugin_id))]);
  const newer = await newerVersions(deps, newest, rows);
  const before = await versionsBefore(
    db,
    groupId,
    rows.map((row) => row.installation_id),
  );
  const early = await earlyUpdates(
    db,
    groupId,
    rows.map((row) => row.installation_id),
  );
  return rows.map((row) => {
    const { manifest } = row;
    const release = newest.get(row.plugin_id);
    return {
      id: row.installation_id,
      plugin: row.plugin_id,
      version: row.version,
      name: manifest.name,
      icon: iconPath(row.plugin_id, row.version),
      provides: manifest.provides,
      integrationType: manifest.integrationType ?? null,
      environment: row.environment,
      state: row.state,
      configuration: row.configuration,
      secretsSet: secrets
        .filter(({ owner_id }) => owner_id === row.installation_id)
        .map(({ name }) => name)
        .sort(),
      consent: { ...consentOf(manifest, row.configuration), digest: row.consent_digest },
      installedAt: row.installed_at.toISOString(),
      installedBy: row.installed_by,
      ...offeredUpdate(
        row.version,
        newer.get(row.plugin_id) ?? [],
        early.filter((one) => one.installation_id === row.installation_id),
      ),
      deprecated: release?.deprecated ?? null,
      previousVersion: before.get(row.installation_id) ?? null,
    };
  });
}

/** Path of a plugin's icon on this host. */
export function iconPath(plugin: string, version: string): string {
  return `/api/plugins/${plugin}/icon?version=${encodeURIComponent(version)}`;
}

/** What is installed is shown also while the registry is away; only updates and deprecations are not known then. */
async function newestReleases(client: RegistryClient, plugins: readonly string[]): Promise<Map<string, Release>> {
  const found = await Promise.all(plugins.map((plugin) => client.detail(plugin).catch(() => undefined)));
  return new Map(found.flatMap((release) => (release === undefined ? [] : [[release.id, release] as const])));
}
