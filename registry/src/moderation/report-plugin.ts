import { newId } from '@patchbay/plugin-sdk/contract/ids';
import type { ReportInput } from '@patchbay/plugin-sdk/contract/rest/reports';
import type { Registry } from '../registry.ts';
import { isDuplicate } from '../store/is-duplicate.ts';

export type ReportOutcome =
  { ok: true; id: string } | { ok: false; code: 'PLUGIN_NOT_FOUND' | 'CONFLICT' | 'RATE_LIMITED'; message: string };

/** What one person may report in a day, whatever became of it. */
export const REPORTS_PER_DAY = 10;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Somebody says that a version is not as it should be. One report of a person about a plugin is open at a time. */
export async function reportPlugin(
  registry: Registry,
  plugin: string,
  { version, reason, text }: ReportInput,
  by: string,
): Promise<ReportOutcome> {
  const { db } = registry;
  const now = registry.now();
  const published = await db
    .selectFrom('registry_versions')
    .select('version')
    .where('plugin_id', '=', plugin)
    .where('version', '=', version)
    .executeTakeFirst();
  if (published === undefined)
    return { ok: false, code: 'PLUGIN_NOT_FOUND', message: `The registry has no ${plugin} ${version}.` };
  const { count } = await db
    .selectFrom('registry_reports')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('reported_by', '=', by)
    .where('reported_at', '>', new Date(now.getTime() - DAY_MS))
    .executeTakeFirstOrThrow();
  if (count >= REPORTS_PER_DAY)
    return { ok: false, code: 'RATE_LIMITED', message: `You may report ${REPORTS_PER_DAY} times a day.` };
  const id = newId('report');
  const about = { report_id: id, plugin_id: plugin, version, reason, text };
  try {
    await db
      .insertInto('registry_reports')
      .values({ ...about, reported_by: by, reported_at: now, state: 'open' })
      .execute();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const message = `You have reported ${plugin} already; a reviewer has not decided yet.`;
    return { ok: false, code: 'CONFLICT', message };
  }
  return { ok: true, id };
}
