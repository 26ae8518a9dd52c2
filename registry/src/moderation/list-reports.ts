import type { PluginReport, ReportState } from '@patchbay/plugin-sdk/contract/rest/reports';
import type { Registry } from '../registry.ts';

const LIST_MAX = 100;

/** Reports in one state: open ones oldest first, decided ones newest first. Index registry_reports_by_state. */
export async function listReports({ db }: Registry, state: ReportState): Promise<PluginReport[]> {
  const rows = await db
    .selectFrom('registry_reports')
    .selectAll()
    .where('state', '=', state)
    .orderBy('reported_at', state === 'open' ? 'asc' : 'desc')
    .limit(LIST_MAX)
    .execute();
  return rows.map((row) => ({
    id: row.report_id,
    plugin: row.plugin_id,
    version: row.version,
    reason: row.reason,
    text: row.text,
    reportedBy: row.reported_by,
    reportedAt: row.reported_at.toISOString(),
    state: row.state,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    decision: row.decision,
  }));
}
