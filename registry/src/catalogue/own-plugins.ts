import semver from 'semver';
import type { OwnPlugin } from '@patchbay/plugin-sdk/contract/rest/registry';
import type { Registry } from '../registry.ts';
import { stateOf } from './find-release.ts';

/** What is published in the namespaces of which somebody is a member, with what became of each version and how often it is installed. */
export async function listOwnPlugins({ db }: Registry, who: string): Promise<OwnPlugin[]> {
  const plugins = await db
    .selectFrom('registry_plugins as p')
    .innerJoin('registry_namespace_members as n', 'n.namespace', 'p.namespace')
    .selectAll('p')
    .where('n.member', '=', who)
    .orderBy('p.plugin_id')
    .execute();
  if (plugins.length === 0) return [];
  const versions = await db
    .selectFrom('registry_versions as v')
    .leftJoin('registry_installs as i', (join) =>
      join.onRef('i.plugin_id', '=', 'v.plugin_id').onRef('i.version', '=', 'v.version'),
    )
    .select(['v.plugin_id', 'v.version', 'v.published_at', 'v.yanked_at', 'v.held_at', 'v.revoked_at'])
    .select(['v.yank_reason', 'v.held_reason', 'v.revocation_reason', 'i.installs'])
    .where(
      'v.plugin_id',
      'in',
      plugins.map(({ plugin_id }) => plugin_id),
    )
    .execute();
  return plugins.map((one) => ({
    plugin: one.plugin_id,
    name: one.name,
    latestVersion: one.latest_version,
    installs: one.installs,
    deprecated:
      one.deprecation_message === null
        ? null
        : { message: one.deprecation_message, replacement: one.deprecation_replacement },
    versions: versions
      .filter(({ plugin_id }) => plugin_id === one.plugin_id)
      .sort((a, b) => semver.rcompare(a.version, b.version))
      .map((row) => ({
        version: row.version,
        state: stateOf(row),
        reason: row.revocation_reason ?? row.held_reason ?? row.yank_reason,
        installs: row.installs ?? 0,
        publishedAt: row.published_at.toISOString(),
      })),
  }));
}
