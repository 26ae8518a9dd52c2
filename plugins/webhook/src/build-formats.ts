import type { LooseFields } from '@patchbay/plugin-sdk';
import type { MonitorFacts } from './monitor-facts.ts';

const RESULTS: Record<string, string> = { passed: 'ok', failed: 'firing', error: 'firing' };

/**
 * https://docs.semaphoreci.com/using-semaphore/webhooks: a pipeline that is done. What was stopped or canceled says
 * neither that it works nor that it is broken.
 */
export function semaphore(fields: LooseFields): MonitorFacts | undefined {
  const pipeline = fields.text('pipeline.name', 'pipeline.yamlfilename');
  const project = fields.text('project.name');
  const result = fields.text('pipeline.result')?.toLowerCase();
  if (pipeline === undefined || project === undefined || result === undefined) return undefined;
  const organisation = fields.text('organization.name');
  const place = fields.text('revision.reference')?.replace(/^refs\/(heads|tags)\//, '');
  return {
    state: (Object.hasOwn(RESULTS, result) ? RESULTS[result] : undefined) ?? `pending: ${result}`,
    key: ['semaphore', organisation, project, fields.text('pipeline.yamlfilename') ?? pipeline, place],
    summary: `${pipeline} ${result} on ${place ?? 'no branch'} of ${project}`,
    source: [project, organisation, 'Semaphore'],
    severity: undefined,
    links: [[fields.text('repository.url'), project]],
    timestamp: fields.text('pipeline.doneat'),
  };
}

/** Semaphore Classic: a build of a branch, or a deployment to a server. */
export function semaphoreClassic(fields: LooseFields): MonitorFacts | undefined {
  const project = fields.text('projectname');
  const kind = fields.text('event')?.toLowerCase();
  const result = fields.text('result')?.toLowerCase();
  if (project === undefined || result === undefined || (kind !== 'build' && kind !== 'deploy')) return undefined;
  const place = fields.text(kind === 'deploy' ? 'servername' : 'branchname');
  return {
    state: (Object.hasOwn(RESULTS, result) ? RESULTS[result] : undefined) ?? `pending: ${result}`,
    key: ['semaphore', fields.text('projecthashid') ?? project, kind, place],
    summary:
      kind === 'deploy'
        ? `Deployment of ${project} to ${place ?? 'a server'} ${result}`
        : `Build ${result} on ${place ?? 'no branch'} of ${project}`,
    source: [project, 'Semaphore'],
    severity: undefined,
    links: [[fields.text('buildurl', 'htmlurl'), 'Build']],
    timestamp: fields.text('finishedat'),
  };
}
