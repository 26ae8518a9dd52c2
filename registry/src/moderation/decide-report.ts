import type { ReportDecision } from '@patchbay/plugin-sdk/contract/rest/reports';
import { updateCatalogue } from '../catalogue/update-catalogue.ts';
import { appendDecision } from '../log/decision-log.ts';
import { roleIn } from '../namespaces/namespace-members.ts';
import type { Registry } from '../registry.ts';

/**
 * The end of a report.
 *
 *   open       waits for a reviewer
 *   dismissed  there was nothing in it
 *   held       its version is no longer offered until a person has looked
 *   acted      dealt with in another way, a revocation for instance
 */
export type DecisionOutcome =
  { ok: true } | { ok: false; code: 'NOT_FOUND' | 'CONFLICT' | 'OWN_SUBMISSION'; message: string };

/** Ends a report, holds its version where that is the decision, and writes both to the decision log. */
export async function decideReport(
  registry: Registry,
  id: string,
  { state, reason }: ReportDecision,
  by: string,
): Promise<DecisionOutcome> {
  const now = registry.now();
  return registry.db.transaction().execute(async (transaction): Promise<DecisionOutcome> => {
    const report = await transaction
      .selectFrom('registry_reports as r')
      .innerJoin('registry_plugins as p', 'p.plugin_id', 'r.plugin_id')
      .select(['r.plugin_id', 'r.version', 'r.reason', 'p.namespace'])
      .where('r.report_id', '=', id)
      .executeTakeFirst();
    if (report === undefined) return { ok: false, code: 'NOT_FOUND', message: 'There is no such report.' };
    if ((await roleIn(transaction, report.namespace, by)) !== undefined)
      return { ok: false, code: 'OWN_SUBMISSION', message: 'It is about a plugin of yours; somebody else decides.' };
    const { plugin_id: plugin, version } = report;
    const { numUpdatedRows } = await transaction
      .updateTable('registry_reports')
      .set({ state, decided_by: by, decided_at: now, decision: reason })
      .where('report_id', '=', id)
      .where('state', '=', 'open')
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) return { ok: false, code: 'CONFLICT', message: 'This report is decided already.' };
    const about = { actor: by, subject: `${plugin} ${version}` };
    const details = { reportId: id, reported: report.reason, decision: state, reason };
    await appendDecision(transaction, registry.key, { ...about, action: 'report.decided', details }, now);
    if (state !== 'held') return { ok: true };
    const held = await transaction
      .updateTable('registry_versions')
      .set({ held_at: now, held_reason: reason })
      .where('plugin_id', '=', plugin)
      .where('version', '=', version)
      .where('held_at', 'is', null)
      .executeTakeFirst();
    if (held.numUpdatedRows === 1n) {
      await updateCatalogue(transaction, plugin, now);
      await appendDecision(transaction, registry.key, { ...about, action: 'version.held', details: { reason } }, now);
    }
    return { ok: true };
  });
}
