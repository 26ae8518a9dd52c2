import type { HeldVersion } from '@patchbay/plugin-sdk/contract/rest/registry';
import { whyNotReviewer } from '../publish/approve.ts';
import type { Registry } from '../registry.ts';

const LIST_MAX = 100;

/**
 * Published versions that are held, those that have waited longest first.
 *
 * @param viewer who asks; each row says what keeps them from releasing it
 */
export async function listHeld({ db }: Registry, viewer: string): Promise<HeldVersion[]> {
  const rows = await db
    .selectFrom('registry_versions as v')
    .innerJoin('registry_submissions as s', 's.submission_id', 'v.submission_id')
    .leftJoin('registry_installs as i', (join) =>
      join.onRef('i.plugin_id', '=', 'v.plugin_id').onRef('i.version', '=', 'v.version'),
    )
    .select(['v.plugin_id', 'v.version', 'v.submission_id', 'v.held_at', 'v.held_reason', 'v.held_findings'])
    .select(['s.submitted_by', 'i.installs'])
    .where('v.held_at', 'is not', null)
    .where('v.revoked_at', 'is', null)
    .orderBy('v.held_at')
    .limit(LIST_MAX)
    .execute();
  return Promise.all(
    rows.map(async (row) => ({
      plugin: row.plugin_id,
      version: row.version,
      submissionId: row.submission_id,
      reason: row.held_reason ?? '',
      heldAt: row.held_at?.toISOString() ?? '',
      installs: row.installs ?? 0,
      waives: (row.held_findings ?? []).map(({ rule, place }) => ({ rule, place })),
      mayNotRelease: await whyNotReviewer(db, row.plugin_id, row.submitted_by, viewer),
    })),
  );
}
