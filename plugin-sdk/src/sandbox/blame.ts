import type { Activity } from './deadline-watch.ts';
import type { Job } from './job.ts';
import type { Death } from './sandbox-process.ts';

/** What a process that was killed from outside counts as a crash. Not nothing: the kernel kills for want of memory. */
const KILLED_COUNTS = 0.1;

/** Whether nobody else can have ended the process. */
export function isCulprit({ id, request }: Job, activity: Activity | undefined): boolean {
  if (activity === undefined) return false;
  if ('loading' in activity) return activity.loading === request.module;
  return activity.runs.length === 1 && activity.runs[0] === id;
}

/** How much of a crash it was. */
export function weightOf(death: Death): number {
  return death.reason === 'crashed' && death.killed ? KILLED_COUNTS : 1;
}
