import { errorCatalogue, isErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import type { PluginRuns } from '@patchbay/plugin-sdk/contract/rest/runs';

export interface ErrorRow {
  code: string;
  means: string;
  count: number;
}

/** Errors of runs and of what is around them, most frequent first. */
export function errorRows({ errors, callErrors }: Pick<PluginRuns, 'errors' | 'callErrors'>): ErrorRow[] {
  const counts = new Map(Object.entries(errors));
  for (const [code, count] of Object.entries(callErrors)) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts]
    .map(([code, count]) => ({ code, count, means: isErrorCode(code) ? errorCatalogue[code].means : '' }))
    .sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}

/** Three digits are enough to compare by. */
export function milliseconds(millis: number): string {
  if (millis >= 1000) return `${(millis / 1000).toPrecision(3)} s`;
  return millis >= 100 ? `${Math.round(millis)} ms` : `${Number(millis.toPrecision(2))} ms`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
