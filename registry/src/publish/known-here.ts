import type { KnownCatalogue } from '@patchbay/plugin-sdk/checks/known-catalogue';
import type { Registry } from '../registry.ts';
import { lastPublished } from '../review/needed-approvals.ts';
import { packageOf } from '../review/submitted-package.ts';
import { bootstrapPolicy } from './policies.ts';

const POPULAR_MAX = 3000;
/** Fewer than this, and nobody gains by looking like it. */
const POPULAR_INSTALLS = 5;

/** What the checks compare a submission with, in this registry. */
export function knownHere(registry: Registry): KnownCatalogue {
  const { db } = registry;
  return {
    async popular() {
      const rows = await db
        .selectFrom('registry_plugins')
        .select(['plugin_id', 'name'])
        .where((eb) => eb.or([eb('installs', '>=', POPULAR_INSTALLS), eb('namespace', '=', bootstrapPolicy.namespace)]))
        .orderBy('installs', 'desc')
        .limit(POPULAR_MAX)
        .execute();
      return rows.map((row) => ({ id: row.plugin_id, name: row.name }));
    },
    async badDigests(digests) {
      const rows = await db
        .selectFrom('registry_bad_digests')
        .select(['sha256', 'reason'])
        .where('sha256', 'in', digests)
        .execute();
      return new Map(rows.map((row) => [row.sha256, row.reason]));
    },
    async lastPublished(id) {
      const last = await lastPublished(db, id);
      return last === undefined ? undefined : packageOf(registry, last.package_sha256);
    },
  };
}
