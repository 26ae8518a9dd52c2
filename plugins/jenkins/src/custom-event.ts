import { looseFields } from '@patchbay/plugin-sdk';
import type { MessageReading } from '@patchbay/plugin-sdk';
import { jobEvent } from './job-event.ts';
import type { Settings } from './job-event.ts';

/** CloudEvents come for the queue, for nodes and for every step of a build, too; these end one. */
const ENDS = /(completed|finished|finalized|failed|ended)(\.|$)/i;

/** What other plugins and steps of pipelines send, by the names of the fields, whatever their case. */
export function customEvent(message: unknown, place: string, settings: Settings): MessageReading {
  const fields = looseFields(message);
  const result = fields.text('result', 'buildResult', 'currentResult', 'buildStatus', 'status', 'event');
  const jobName = fields.text('fullJobName', 'jobName', 'fullProjectName', 'projectName', 'project', 'job', 'name');
  const buildUrl = fields.text('buildUrl', 'fullUrl', 'runDisplayUrl', 'url');
  const kind = fields.text('specversion') === undefined ? undefined : fields.text('type');
  if (kind !== undefined && !ENDS.test(kind))
    return { ignored: `"${kind.slice(0, 100)}" says nothing about how a build ended` };
  if (fields.text('jenkinsQueueId') !== undefined)
    return { ignored: 'An item of the queue says nothing about how a build ended' };
  if (result === undefined)
    return { issues: [{ path: `${place}result`, message: 'Needed to know how the build ended' }] };
  if (jobName === undefined && buildUrl === undefined)
    return { issues: [{ path: `${place}job`, message: 'Needed to know which job this is about' }] };
  return jobEvent(
    {
      result,
      jobName,
      jobUrl: fields.text('jobUrl'),
      buildUrl,
      number: fields.text('buildNumber', 'number', 'buildId'),
      branch: fields.text('branchName', 'branch', 'gitBranch'),
    },
    settings,
  );
}
