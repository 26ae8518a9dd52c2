import { updateCatalogue } from '../catalogue/update-catalogue.ts';
import { appendDecision } from '../log/decision-log.ts';
import { whyNotReviewer } from '../publish/approve.ts';
import type { Registry } from '../registry.ts';

export type ReleaseOutcome = { ok: true } | { ok: false; code: 'NOT_FOUND' | 'OWN_SUBMISSION'; message: string };

/**
 * Takes a held version back into the catalogue, after a person has looked. What a check had found is none from now on,
 * for exactly that content; otherwise the version would be held again the next day. What may not be waived holds it
 * again.
 */
export async function releaseHeld(
  registry: Registry,
  plugin: string,
  version: string,
  by: string,
  reason: string,
): Promise<ReleaseOutcome> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction): Promise<ReleaseOutcome> => {
    const held = await transaction
      .selectFrom('registry_versions as v')
      .innerJoin('registry_submissions as s', 's.submission_id', 'v.submission_id')
      .select(['v.held_findings', 's.submitted_by'])
      .where('v.plugin_id', '=', plugin)
      .where('v.version', '=', version)
      .where('v.held_at', 'is not', null)
      .forUpdate('v')
      .executeTakeFirst();
    if (held === undefined) return { ok: false, code: 'NOT_FOUND', message: `${plugin} ${version} is not held.` };
    const own = await whyNotReviewer(transaction, plugin, held.submitted_by, by);
    if (own !== null) return { ok: false, code: 'OWN_SUBMISSION', message: own };
    const findings = held.held_findings ?? [];
    if (findings.length > 0)
      await transaction
        .insertInto('registry_waivers')
        .values(
          findings.map(({ rule, place, contentSha256 }) => ({
            ...{ plugin_id: plugin, rule, content_sha256: contentSha256, place },
            ...{ reason, granted_by: by, granted_at: now },
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    await transaction
      .updateTable('registry_versions')
      .set({ held_at: null, held_reason: null, held_findings: null, rechecked_at: now })
      .where('plugin_id', '=', plugin)
      .where('version', '=', version)
      .execute();
    await updateCatalogue(transaction, plugin, now);
    const decision = { actor: by, action: 'version.released', subject: `${plugin} ${version}` } as const;
    const waived = findings.map(({ rule, place }) => ({ rule, place }));
    await appendDecision(transaction, registry.key, { ...decision, details: { reason, waived } }, now);
    return { ok: true };
  });
}
