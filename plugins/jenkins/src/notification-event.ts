import { firstText, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import { jobEvent } from './job-event.ts';
import type { Settings } from './job-event.ts';
import type { notificationSchema } from './notification.schema.ts';

/**
 * A message of the Notification plugin. A build goes through QUEUED, STARTED, COMPLETED and FINALIZED, each with a
 * message of its own; before there was FINALIZED, it ended with FINISHED.
 */
export function notificationEvent(message: z.infer<typeof notificationSchema>, settings: Settings): Reading {
  const { build } = message;
  const phase = build.phase.trim().toUpperCase();
  const last = settings.phase === 'completed' ? 'COMPLETED' : 'FINALIZED';
  if (phase !== last && phase !== 'FINISHED')
    return { ignored: `The build is in phase ${phase.slice(0, 60)}; the one that counts is ${last}` };
  const result = textOf(build.status);
  if (result === undefined) return { ignored: 'The build has no result' };
  return jobEvent(
    {
      result,
      jobName: textOf(message.display_name) === undefined ? textOf(message.name) : nameOf(message),
      jobUrl: textOf(message.url),
      buildUrl: firstText(build.full_url, build.fullUrl, build.url),
      number: textOf(build.number),
      branch: textOf(build.scm?.branch),
      timestamp: build.timestamp,
    },
    settings,
  );
}

/** In multibranch projects the name is the branch alone; the path then says more. */
function nameOf({ name, display_name: shown, url }: z.infer<typeof notificationSchema>): string | undefined {
  const isNested = (textOf(url) ?? '').split('job/').length > 2;
  return isNested ? undefined : (textOf(shown) ?? textOf(name));
}
