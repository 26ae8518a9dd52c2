import { defineIntegration, ignored, invalid } from '@patchbay/plugin-sdk';
import type { IngestRequest, Reading } from '@patchbay/plugin-sdk';
import {
  accessTokenSchema,
  deploymentSchema,
  issueSchema,
  jobSchema,
  pipelineSchema,
  vulnerabilitySchema,
} from './gitlab.schema.ts';
import { hookKind } from './hook-kind.ts';
import { accessTokenEvent, issueEvent, vulnerabilityEvent } from './item-events.ts';
import { deploymentEvent, jobEvent, pipelineEvent } from './run-events.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const kind = hookKind(request.json(), request.header('x-gitlab-event'));
    if (kind === undefined)
      return invalid('This is no webhook of GitLab: it has no object_kind and no X-Gitlab-Event header');
    const reading = readHook(kind, request, readSettings(configuration));
    return 'ignored' in reading ? ignored(reading.ignored) : [reading];
  },
});

function readHook(kind: string, request: IngestRequest, settings: Settings): Reading {
  switch (kind) {
    case 'pipeline':
      return pipelineEvent(request.parse(pipelineSchema), settings);
    case 'build':
      return jobEvent(request.parse(jobSchema), settings);
    case 'deployment':
      return deploymentEvent(request.parse(deploymentSchema), settings);
    case 'issue':
    case 'incident':
    case 'work_item':
      return issueEvent(request.parse(issueSchema), settings);
    case 'vulnerability':
      return vulnerabilityEvent(request.parse(vulnerabilitySchema), settings);
    case 'access_token':
      return accessTokenEvent(request.parse(accessTokenSchema));
    default:
      return { ignored: `"${kind.slice(0, 60)}" events are no alerts` };
  }
}
