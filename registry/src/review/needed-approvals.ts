import type { Kysely } from 'kysely';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import type { ConsentLine } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import type { RegistryTables } from '../store/registry-tables.ts';

/**
 * How many reviewers have to approve a version: two when it asks for something of high risk that the last published
 * version did not ask for, and for every version with a module that was built elsewhere, because nobody can compile it
 * again to see that it comes from its sources; one otherwise.
 */
export async function neededApprovals(db: Kysely<RegistryTables>, manifest: Manifest): Promise<1 | 2> {
  if (manifest.module !== undefined) return 2;
  const last = await lastPublished(db, manifest.id);
  const known = new Set((last === undefined ? [] : consentOf(last.manifest).lines).map(lineKey));
  const fresh = consentOf(manifest).lines.filter((line) => line.risk === 'high' && !known.has(lineKey(line)));
  return fresh.length > 0 ? 2 : 1;
}

export function lineKey({ kind, text, scope }: ConsentLine): string {
  return JSON.stringify([kind, text, scope]);
}

/** The version that was published last and may still be had; what a new one is compared with. */
export async function lastPublished(db: Kysely<RegistryTables>, plugin: string) {
  return db
    .selectFrom('registry_versions')
    .select(['version', 'manifest', 'imports', 'package_sha256', 'packed_bytes'])
    .where('plugin_id', '=', plugin)
    .where('revoked_at', 'is', null)
    .where('held_at', 'is', null)
    .orderBy('published_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}
