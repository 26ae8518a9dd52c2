import { CHECKS_REVISION, repeatedChecks } from '@patchbay/plugin-sdk/checks/check-result';
import { updateCatalogue } from '../catalogue/update-catalogue.ts';
import { appendDecision } from '../log/decision-log.ts';
import type { Registry } from '../registry.ts';
import { judgePackage } from './judge-package.ts';
import { packageOf } from './submitted-package.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const PUT_OFF_MS = 60 * 60 * 1000;
const ACTOR = 'policy:checks-again';

/**
 * Checks what is published once more: at once after a rule has changed, and every day, for what is known to be bad
 * grows. A finding holds the version: it is not offered any more, until a person has looked; where it is installed it
 * goes on running, which a reviewer ends by revoking it. What could not be checked is tried again in an hour.
 *
 * @param most versions of one round, so that a registry is never busy with itself
 * @returns what was held, as `namespace/name version`
 */
export async function checkPublishedAgain(registry: Registry, most = 20): Promise<string[]> {
  const { db } = registry;
  const due = await db
    .selectFrom('registry_versions')
    .select(['plugin_id', 'version', 'package_sha256'])
    .where('revoked_at', 'is', null)
    .where('held_at', 'is', null)
    .where((eb) => eb.or([eb('recheck_after', 'is', null), eb('recheck_after', '<', registry.now())]))
    .where((eb) =>
      eb.or([
        eb('rechecked_rules', 'is distinct from', CHECKS_REVISION),
        eb(eb.fn.coalesce('rechecked_at', 'published_at'), '<', new Date(registry.now().getTime() - DAY_MS)),
      ]),
    )
    .orderBy('rechecked_at', (order) => order.asc().nullsFirst())
    .limit(most)
    .execute();
  const held: string[] = [];
  for (const { plugin_id, version, package_sha256 } of due) {
    const subject = await packageOf(registry, package_sha256);
    const results = subject === undefined ? [] : await judgePackage(registry, subject, repeatedChecks);
    if (subject === undefined || results.some(({ outcome }) => outcome === 'errored')) {
      await putOff(registry, plugin_id, version);
      continue;
    }
    const failed = results.filter(({ outcome }) => outcome === 'failed');
    const reason = failed.length === 0 ? null : failed.map(({ name, summary }) => `${name}: ${summary}`).join(' ');
    await remember(registry, plugin_id, version, reason);
    if (reason !== null) held.push(`${plugin_id} ${version}`);
  }
  return held;
}

/** So that what cannot be checked now does not keep others from being checked. */
async function putOff(registry: Registry, plugin: string, version: string): Promise<void> {
  await registry.db
    .updateTable('registry_versions')
    .set({ recheck_after: new Date(registry.now().getTime() + PUT_OFF_MS) })
    .where('plugin_id', '=', plugin)
    .where('version', '=', version)
    .execute();
}

async function remember(registry: Registry, plugin: string, version: string, reason: string | null): Promise<void> {
  const now = registry.now();
  await registry.db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('registry_versions')
      .set({
        rechecked_at: now,
        rechecked_rules: CHECKS_REVISION,
        ...(reason === null ? {} : { held_at: now, held_reason: reason.slice(0, 1000) }),
      })
      .where('plugin_id', '=', plugin)
      .where('version', '=', version)
      .execute();
    if (reason === null) return;
    await updateCatalogue(transaction, plugin, now);
    const decision = { actor: ACTOR, action: 'version.held', subject: `${plugin} ${version}` } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: { reason } }, now);
  });
}

/** Takes a held version back into the catalogue, after a person has looked; it is checked again with the next change of rules or day. */
export async function releaseHeld(
  registry: Registry,
  plugin: string,
  version: string,
  by: string,
  reason: string,
): Promise<boolean> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('registry_versions')
      .set({ held_at: null, held_reason: null, rechecked_at: now })
      .where('plugin_id', '=', plugin)
      .where('version', '=', version)
      .where('held_at', 'is not', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) return false;
    await updateCatalogue(transaction, plugin, now);
    const decision = { actor: by, action: 'version.released', subject: `${plugin} ${version}` } as const;
    await appendDecision(transaction, registry.key, { ...decision, details: { reason } }, now);
    return true;
  });
}
