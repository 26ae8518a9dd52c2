import semver from 'semver';
import type { z } from 'zod';
import { reviewLimits } from '@patchbay/plugin-sdk/contract/limits';
import type {
  revocationInputSchema,
  revocationListSchema,
  RevocationPreview,
} from '@patchbay/plugin-sdk/contract/rest/registry';
import type { Registry } from '../registry.ts';
import { stateOf } from './find-release.ts';
import { lockVersions } from './lock-versions.ts';
import { lockReviewer, stoppedAlone } from './lone-revocations.ts';
import { markRevoked } from './mark-revoked.ts';
import { askSignOff } from './sign-offs.ts';

type RevocationInput = z.output<typeof revocationInputSchema>;
export type RevokeOutcome =
  | {
      ok: true;
      revoked: string[];
      /** A hard one of so many installations: what is revoked is so softly, until a second reviewer agrees. */
      signOff?: { id: string; installs: number; stoppedAlone: number; limit: number };
    }
  | { ok: false; code: 'PLUGIN_NOT_FOUND' | 'BODY_INVALID' | 'CONFLICT'; message: string };

/**
 * The versions of a plugin in a range, with how many installations each has; pre-releases count too.
 *
 * @param by who would revoke them
 */
export async function previewRevocation(
  { db, now }: Pick<Registry, 'db' | 'now'>,
  { plugin, range }: Pick<RevocationInput, 'plugin' | 'range'>,
  by: string,
): Promise<RevocationPreview | undefined> {
  if (semver.validRange(range) === null) return undefined;
  const rows = await db
    .selectFrom('registry_versions as v')
    .leftJoin('registry_installs as i', (join) =>
      join.onRef('i.plugin_id', '=', 'v.plugin_id').onRef('i.version', '=', 'v.version'),
    )
    .select(['v.version', 'v.yanked_at', 'v.held_at', 'v.revoked_at', 'v.revocation_kind', 'i.installs'])
    .where('v.plugin_id', '=', plugin)
    .execute();
  const versions = rows
    .filter(({ version }) => semver.satisfies(version, range, { includePrerelease: true }))
    .sort((a, b) => semver.rcompare(a.version, b.version))
    .map((row) => ({
      version: row.version,
      state: stateOf(row),
      revoked: row.revocation_kind,
      installs: row.installs ?? 0,
    }));
  const alone = await stoppedAlone(db, by, now());
  return {
    versions,
    installs: installsOf(versions),
    stoppedAlone: alone,
    hardNeedsSignOff: alone + installsOf(openTo('hard', versions)) > reviewLimits.loneRevocationInstalls,
  };
}

type PreviewedVersion = RevocationPreview['versions'][number];

/** Those that a revocation of this kind changes. */
function openTo(kind: 'hard' | 'soft', versions: readonly PreviewedVersion[]): PreviewedVersion[] {
  return versions.filter(({ revoked }) => revoked === null || (kind === 'hard' && revoked === 'soft'));
}

function installsOf(versions: readonly PreviewedVersion[]): number {
  return versions.reduce((sum, { installs }) => sum + installs, 0);
}

/**
 * Revokes every version in a range: it runs nowhere any more (hard), or is disabled where it is installed and may be
 * enabled again (soft). A version that is revoked softly may be revoked hard later, and never the other way round. A hard
 * one that touches more installations than one reviewer may still stop alone is soft until a second one agrees.
 */
export async function revokeVersions(
  registry: Registry,
  { plugin, range, kind, reason }: RevocationInput,
  by: string,
): Promise<RevokeOutcome> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction): Promise<RevokeOutcome> => {
    await lockVersions(transaction, plugin);
    if (kind === 'hard') await lockReviewer(transaction, by);
    const preview = await previewRevocation({ db: transaction, now: () => now }, { plugin, range }, by);
    if (preview === undefined)
      return { ok: false, code: 'BODY_INVALID', message: `"${range}" is no range of versions.` };
    const open = openTo(kind, preview.versions);
    if (open.length === 0)
      return {
        ok: false,
        code: 'PLUGIN_NOT_FOUND',
        message: `${plugin} has no version in ${range} that is not revoked.`,
      };
    const versions = open.map(({ version }) => version);
    if (kind === 'hard' && preview.hardNeedsSignOff)
      return askSignOff(
        transaction,
        registry,
        { plugin, range, versions, installs: installsOf(open), stoppedAlone: preview.stoppedAlone, reason, by },
        now,
      );
    return {
      ok: true,
      revoked: await markRevoked(transaction, registry, versions, { plugin, range, kind, reason, by }, now),
    };
  });
}

/** What is revoked, newest first, and how far the news has come. Index registry_versions_revoked. */
export async function listRevocations(registry: Registry): Promise<z.output<typeof revocationListSchema>> {
  const { db } = registry;
  const rows = await db
    .selectFrom('registry_versions as v')
    .leftJoin('registry_installs as i', (join) =>
      join.onRef('i.plugin_id', '=', 'v.plugin_id').onRef('i.version', '=', 'v.version'),
    )
    .select(['v.plugin_id', 'v.version', 'v.revoked_at', 'v.revocation_kind', 'v.revocation_reason', 'v.revoked_by'])
    .select('i.installs')
    .where('v.revoked_at', 'is not', null)
    .orderBy('v.revoked_at', 'desc')
    .limit(LIST_MAX)
    .execute();
  const lastRevocation = await db
    .selectFrom('registry_log')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('entry', 'like', '%"action":"version.revoked"%')
    .executeTakeFirst();
  const recently = new Date(registry.now().getTime() - HOST_SEEN_MS);
  const hosts = await db
    .selectFrom('registry_hosts')
    .select('applied_number')
    .where('seen_at', '>', recently)
    .execute();
  return {
    items: rows.map((row) => ({
      plugin: row.plugin_id,
      version: row.version,
      kind: row.revocation_kind ?? 'hard',
      reason: row.revocation_reason ?? '',
      by: row.revoked_by ?? '',
      at: (row.revoked_at ?? new Date(0)).toISOString(),
      installs: row.installs ?? 0,
    })),
    hosts: {
      known: hosts.length,
      reached: hosts.filter(({ applied_number }) => applied_number >= (lastRevocation?.seq ?? 0)).length,
    },
  };
}

const LIST_MAX = 200;
/** A host that has not asked for so long is switched off, and is told when it comes back. */
const HOST_SEEN_MS = 24 * 60 * 60 * 1000;
