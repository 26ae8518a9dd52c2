import { failed, type CheckResult, type Finding } from '@patchbay/plugin-sdk/checks/check-result';
import { sha256 } from '@patchbay/plugin-sdk/package/digest';
import type { PluginPackage } from '@patchbay/plugin-sdk/package/plugin-package';
import type { Kysely } from 'kysely';
import { appendDecision } from '../log/decision-log.ts';
import { whyNotReviewer } from '../publish/approve.ts';
import { findSubmission } from '../publish/submissions.ts';
import type { Registry } from '../registry.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { fixedChecks } from './check-policies.ts';
import { packageOf } from './submitted-package.ts';

/**
 * A reviewer's word that a finding is none. It holds for one plugin, one rule and one content: the file that the finding
 * is in, or the whole package where it is in none. Change a byte, and it has to be looked at again.
 */
export async function applyWaivers(
  db: Kysely<RegistryTables>,
  subject: PluginPackage,
  results: CheckResult[],
): Promise<CheckResult[]> {
  if (results.every(({ outcome }) => outcome !== 'failed')) return results;
  const rows = await db
    .selectFrom('registry_waivers')
    .select(['rule', 'content_sha256', 'granted_by'])
    .where('plugin_id', '=', subject.manifest.id)
    .execute();
  const waived = new Map(rows.map((row) => [`${row.rule} ${row.content_sha256}`, row.granted_by]));
  return results.map((result) => {
    if (result.outcome !== 'failed') return result;
    const findings = result.findings.map((finding): Finding => {
      const by = waived.get(`${finding.rule} ${contentOf(subject, finding.place)}`);
      if (by === undefined || finding.level !== 'error') return finding;
      return { ...finding, level: 'warning', message: `Waived by ${by}: ${finding.message}` };
    });
    if (findings.some(({ level }) => level === 'error')) return failed(result.name, findings);
    return { name: result.name, outcome: 'passed', summary: 'What was found was waived by a reviewer.', findings };
  });
}

export type WaiverOutcome =
  { ok: true } | { ok: false; code: 'NOT_FOUND' | 'OWN_SUBMISSION' | 'CONFLICT'; message: string };

/** Waives a finding of a submission; the author then uploads the same package again. */
export async function waiveFinding(
  registry: Registry,
  submissionId: string,
  { rule, place, reason }: { rule: string; place: string; reason: string },
  by: string,
): Promise<WaiverOutcome> {
  const { plugin, packageSha256, submittedBy, checks, version } = await findSubmission(registry.db, submissionId);
  const own = await whyNotReviewer(registry.db, plugin, submittedBy, by);
  if (own !== null) return { ok: false, code: 'OWN_SUBMISSION', message: own };
  const check = checks.find(({ findings }) =>
    findings.some((one) => one.rule === rule && one.place === place && one.level === 'error'),
  );
  if (check === undefined) return { ok: false, code: 'NOT_FOUND', message: 'Nothing like this was found.' };
  if (fixedChecks.includes(check.name))
    return { ok: false, code: 'CONFLICT', message: `What the check "${check.name}" finds cannot be waived.` };
  const subject = await packageOf(registry, packageSha256);
  if (subject === undefined) return { ok: false, code: 'NOT_FOUND', message: 'The stored package cannot be read.' };
  const content_sha256 = contentOf(subject, place);
  const now = registry.now();
  await registry.db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('registry_waivers')
      .values({ plugin_id: plugin, rule, content_sha256, place, reason, granted_by: by, granted_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const about = { actor: by, action: 'finding.waived', subject: `${plugin} ${version}` } as const;
    const details = { submissionId, rule, place, content: content_sha256, reason };
    await appendDecision(transaction, registry.key, { ...about, details }, now);
  });
  return { ok: true };
}

/** The digest of what a finding is about. `src/index.ts:12:4` is in that file; what names no file of the package is about all of it. */
export function contentOf(subject: PluginPackage, place: string): string {
  const file = subject.files.get(place.replace(/:.*$/s, ''));
  return file === undefined ? subject.contentDigest : sha256(file);
}
