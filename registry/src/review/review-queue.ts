import type { z } from 'zod';
import type { Submission, submissionListSchema, SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';
import { releaseState } from '../catalogue/find-release.ts';
import { countApprovals } from '../publish/approve.ts';
import { findSubmission } from '../publish/submissions.ts';
import type { Registry } from '../registry.ts';
import { neededOf } from './submitted-package.ts';

const LIST_MAX = 100;

export interface QueueFilter {
  state?: SubmissionState | undefined;
  /** Part of the name of a plugin. */
  q?: string | undefined;
  /** Only what this author submitted. */
  submittedBy?: string | undefined;
  plugin?: string | undefined;
}

/**
 * Submissions, those that wait longest first; an author's own, and finished ones, newest first. Indexes
 * registry_submissions_by_state and registry_submissions_by_author.
 */
export async function listSubmissions(
  registry: Registry,
  filter: QueueFilter,
): Promise<z.output<typeof submissionListSchema>> {
  const { db } = registry;
  const matching = () => {
    let rows = db.selectFrom('registry_submissions');
    if (filter.submittedBy !== undefined) rows = rows.where('submitted_by', '=', filter.submittedBy);
    if (filter.plugin !== undefined) rows = rows.where('plugin_id', '=', filter.plugin);
    if (filter.q !== undefined)
      rows = rows.where('plugin_id', 'like', `%${filter.q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`);
    return rows;
  };
  const grouped = await matching()
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  const waiting = filter.state === 'in_review' || filter.state === 'checking';
  const rows = await matching()
    .select('submission_id')
    .$if(filter.state !== undefined, (query) => query.where('state', '=', filter.state ?? 'in_review'))
    .orderBy('submission_id', waiting ? 'asc' : 'desc')
    .limit(LIST_MAX)
    .execute();
  return {
    items: await Promise.all(rows.map((row) => showSubmission(registry, row.submission_id))),
    counts: Object.fromEntries(grouped.map(({ state, count }) => [state, count])),
  };
}

export async function showSubmission(registry: Registry, submissionId: string): Promise<Submission> {
  const found = await findSubmission(registry.db, submissionId);
  const { plugin, version, packageSha256, state, reason, submittedBy, checks } = found;
  return {
    ...{ submissionId, plugin, version, sha256: packageSha256, state, reason, submittedBy },
    checks: checks.map((check) => ({ ...check, checkedAt: check.checkedAt.toISOString() })),
    submittedAt: found.submittedAt.toISOString(),
    stateSince: found.stateSince.toISOString(),
    approvals: {
      given: await countApprovals(registry.db, submissionId, packageSha256),
      needed: state === 'in_review' ? await neededOf(registry, packageSha256) : 1,
    },
    release: state === 'published' ? await releaseState(registry, plugin, version) : null,
  };
}
