import { branchFilter, defineIntegration, ignored, invalid, severityOf } from '@patchbay/plugin-sdk';
import type { IngestRequest } from '@patchbay/plugin-sdk';
import { jobSchema, legacySchema, workflowSchema } from './circleci.schema.ts';
import { jobEvent, legacyEvent, workflowEvent } from './completed-event.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const settings = {
      wantsBranch: branchFilter(configuration.branches),
      failure: severityOf(configuration.failureSeverity) ?? 'error',
    };
    const type = messageType(request);
    switch (type) {
      case undefined:
        return invalid('This is no webhook of CircleCI: it has no type and no known shape');
      case 'workflow-completed': {
        const reading = workflowEvent(request.parse(workflowSchema), settings);
        return 'ignored' in reading ? ignored(reading.ignored) : reading;
      }
      case 'job-completed': {
        const reading = jobEvent(request.parse(jobSchema), settings);
        return 'ignored' in reading ? ignored(reading.ignored) : reading;
      }
      case 'legacy': {
        const reading = legacyEvent(request.parse(legacySchema), settings);
        return 'ignored' in reading ? ignored(reading.ignored) : reading;
      }
      case 'ping':
        return ignored("CircleCI's test ping arrived");
      default:
        return ignored(`"${type.slice(0, 60)}" messages are no alerts`);
    }
  },
});

/** The message's type, from the header when a body leaves it out; `legacy` is the body of CircleCI 1.0. */
function messageType(request: IngestRequest): string | undefined {
  const body = request.json();
  if (typeof body !== 'object' || body === null) return undefined;
  if ('type' in body && typeof body.type === 'string') return body.type;
  const header = request.header('circleci-event-type');
  if (header !== undefined && header !== '') return header;
  return 'payload' in body ? 'legacy' : undefined;
}
