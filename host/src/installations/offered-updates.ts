import type { KeyObject } from 'node:crypto';
import semver from 'semver';
import { updateLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import type { Release } from '@patchbay/registry/api/registry-resources';
import { verifySignatures } from '@patchbay/registry/client/verify-signatures';
import { isAgreed, type EarlyUpdate } from './early-updates.ts';
import type { InstallationDependencies } from './install-plugin.ts';
import { readPinnedKey } from './pinned-registry-key.ts';
import { eligibleAt } from './update-cooldown.ts';

type Dependencies = Pick<InstallationDependencies, 'db' | 'client' | 'cooldownHours'>;

/** A version that is newer than what is installed. */
interface NewerVersion extends Pick<Release, 'version' | 'sha256'> {
  /** Until when it is held; null when it may be taken now. */
  heldUntil: string | null;
}

/**
 * What may be newer for these installations, by plugin and newest first: the versions that are held, and the first that
 * is not. Everything older than that one is nobody's update.
 *
 * @param newest the newest release of each plugin, as far as the registry answers
 */
export async function newerVersions(
  { db, client, cooldownHours }: Dependencies,
  newest: ReadonlyMap<string, Release>,
  rows: readonly { plugin_id: string; version: string }[],
): Promise<Map<string, NewerVersion[]>> {
  const key = await readPinnedKey(db);
  const found = await Promise.all(
    [...newest].map(async ([plugin, release]) => {
      const oldest = semver.sort(rows.filter((row) => row.plugin_id === plugin).map(({ version }) => version))[0];
      const newer: NewerVersion[] = [];
      for (const version of candidates(release, oldest ?? release.version)) {
        // A registry that has gone away meanwhile: what is known by now is shown.
        const one = version === release.version ? release : await client.detail(plugin, version).catch(() => undefined);
        if (one === undefined) break;
        if (one.state !== 'published') continue;
        const held = heldUntil(one, key, cooldownHours);
        newer.push({ version, sha256: one.sha256, heldUntil: held });
        if (held === null) break;
      }
      return [plugin, newer] as const;
    }),
  );
  return new Map(found);
}

/** Those on offer that are newer than what is installed, newest first; pre-releases only where there is nothing else. */
function candidates(newest: Release, installed: string): string[] {
  const offered = newest.versions
    .filter(({ state }) => state === 'published')
    .map(({ version }) => version)
    .filter((version) => semver.lt(version, newest.version))
    .filter((version) => semver.prerelease(newest.version) !== null || semver.prerelease(version) === null);
  return [newest.version, ...semver.rsort(offered)]
    .filter((version) => semver.gt(version, installed))
    .slice(0, updateLimits.versionsLookedAt);
}

/** From the signed approval, never from what else the answer says. What does not verify is refused by the update itself. */
function heldUntil(release: Release, key: KeyObject | undefined, cooldownHours: number): string | null {
  const signed = key === undefined ? undefined : verifySignatures(release, release, key);
  if (signed?.ok !== true || Number.isNaN(Date.parse(signed.approval.approvedAt))) return null;
  return eligibleAt(signed.approval, cooldownHours)?.toISOString() ?? null;
}

/**
 * What one installation can be updated to now, and the newer version that it has to wait for.
 *
 * @param newer of its plugin, newest first
 * @param early what was asked for of this installation
 */
export function offeredUpdate(
  installed: string,
  newer: readonly NewerVersion[],
  early: readonly EarlyUpdate[],
): Pick<Installation, 'updateAvailable' | 'heldUpdate'> {
  const asked = (version: string) => early.find((one) => one.version === version);
  const own = newer.filter(({ version }) => semver.gt(version, installed));
  const available = own.find(
    ({ version, sha256, heldUntil: held }) => held === null || isAgreed(asked(version), sha256),
  );
  const [first] = own;
  if (first === undefined || first === available || first.heldUntil === null)
    return { updateAvailable: available?.version ?? null, heldUpdate: null };
  const wish = asked(first.version);
  return {
    updateAvailable: available?.version ?? null,
    heldUpdate: {
      version: first.version,
      eligibleAt: first.heldUntil,
      early:
        wish === undefined
          ? null
          : {
              reason: wish.reason,
              askedBy: `user:${wish.asked_by}`,
              askedAt: wish.asked_at.toISOString(),
              confirmedBy: wish.confirmed_by === null ? null : `user:${wish.confirmed_by}`,
            },
    },
  };
}
