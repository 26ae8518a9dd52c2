import type { Kysely } from 'kysely';
import semver from 'semver';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import type { Release } from '@patchbay/registry/api/registry-resources';
import type { RegistryClient } from '@patchbay/registry/client/registry-client';
import type { Database } from '../store/schema.ts';
import { versionsBefore } from './installation-versions.ts';

export interface InstallationRow {
  installation_id: string;
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

/** Installations as the API shows them: joined with the names of their secrets and the newest version there is. */
export async function showInstallations(
  db: Kysely<Database>,
  client: RegistryClient,
  groupId: GroupId,
  rows: readonly InstallationRow[],
): Promise<Installation[]> {
  if (rows.length === 0) return [];
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
  const before = await versionsBefore(
    db,
    groupId,
    rows.map((row) => row.installation_id),
  );
  return rows.map((row) => {
    const { manifest } = row;
    const release = newest.get(row.plugin_id);
    const latest = release?.version;
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
      updateAvailable: latest !== undefined && semver.gt(latest, row.version) ? latest : null,
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
