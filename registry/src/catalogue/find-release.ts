import semver from 'semver';
import type { Release } from '../api/registry-resources.ts';
import { bootstrapPolicy } from '../publish/policies.ts';
import { findChecks } from '../publish/submissions.ts';
import type { Registry } from '../registry.ts';

/**
 * One version of a plugin, with everything that is needed to judge and to verify it.
 *
 * @param version the newest available one when left out; a yanked or revoked one only when it is named
 */
export async function findRelease(registry: Registry, plugin: string, version?: string): Promise<Release | undefined> {
  const { db, key } = registry;
  const face = await db.selectFrom('registry_plugins').selectAll().where('plugin_id', '=', plugin).executeTakeFirst();
  const wanted = version ?? face?.latest_version ?? undefined;
  if (face === undefined || wanted === undefined) return undefined;
  const rows = await db
    .selectFrom('registry_versions')
    .select(['version', 'published_at', 'yanked_at', 'revoked_at', 'held_at'])
    .where('plugin_id', '=', plugin)
    .execute();
  const row = await db
    .selectFrom('registry_versions as v')
    .innerJoin('registry_submissions as s', 's.submission_id', 'v.submission_id')
    .innerJoin('registry_author_keys as k', 'k.key_id', 's.author_key_id')
    .selectAll('v')
    .select(['s.author_key_id', 'k.public_key'])
    .where('v.plugin_id', '=', plugin)
    .where('v.version', '=', wanted)
    .where('k.namespace', '=', face.namespace)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const checks = await findChecks(db, row.submission_id);
  return {
    id: row.manifest.id,
    version: row.version,
    state: stateOf(row),
    firstParty: face.namespace === bootstrapPolicy.namespace,
    installs: face.installs,
    deprecated:
      face.deprecation_message === null
        ? null
        : { message: face.deprecation_message, replacement: face.deprecation_replacement },
    reason: row.revocation_reason ?? row.held_reason ?? row.yank_reason,
    manifest: row.manifest,
    sha256: row.package_sha256,
    moduleSha256: row.module_sha256,
    packedBytes: row.packed_bytes,
    imports: row.imports,
    readme: row.readme,
    changelog: row.changelog,
    icon: row.icon,
    publishedAt: row.published_at.toISOString(),
    updatedAt: face.updated_at.toISOString(),
    author: { keyId: row.author_key_id, publicKey: row.public_key, envelope: row.author_envelope },
    registry: { keyId: key.id, envelope: row.registry_envelope },
    versions: rows
      .sort((a, b) => semver.rcompare(a.version, b.version))
      .map((one) => ({ version: one.version, publishedAt: one.published_at.toISOString(), state: stateOf(one) })),
    checks: checks.map(({ name, outcome, summary }) => ({ name, outcome, summary })),
  };
}

/** What became of a published version, and why; null for one that is not published. */
export async function releaseState(
  { db }: Pick<Registry, 'db'>,
  plugin: string,
  version: string,
): Promise<{ state: Release['state']; reason: string | null } | null> {
  const row = await db
    .selectFrom('registry_versions')
    .select(['yanked_at', 'held_at', 'revoked_at', 'yank_reason', 'held_reason', 'revocation_reason'])
    .where('plugin_id', '=', plugin)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { state: stateOf(row), reason: row.revocation_reason ?? row.held_reason ?? row.yank_reason };
}

/** What stands against a version, the gravest first. */
export function stateOf(row: {
  yanked_at: Date | null;
  held_at: Date | null;
  revoked_at: Date | null;
}): Release['state'] {
  if (row.revoked_at !== null) return 'revoked';
  if (row.held_at !== null) return 'held';
  return row.yanked_at === null ? 'published' : 'yanked';
}
