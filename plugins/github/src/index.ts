import { defineIntegration, ignored, invalid, severityReader } from '@patchbay/plugin-sdk';
import type { IngestRequest } from '@patchbay/plugin-sdk';
import { eventKind } from './event-kind.ts';
import { readMessage } from './read-message.ts';
import { branchFilter } from './reading.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const body = messageOf(request);
    const kind = eventKind(request.header('x-github-event'), body);
    if (kind === undefined)
      return invalid('This is no webhook of GitHub or GitLab: it has no X-GitHub-Event header and no known shape');
    const reading = readMessage(kind, (schema) => request.parse(schema, body), {
      wantsBranch: branchFilter(configuration.branches),
      issues: configuration.issues !== false,
      severity: severityReader(configuration, 'warning'),
    });
    return 'ignored' in reading ? ignored(reading.ignored) : [reading];
  },
});

/** A webhook's content type is JSON, or a form whose field `payload` holds the JSON. */
function messageOf(request: IngestRequest): unknown {
  const isForm = request.contentType.toLowerCase().startsWith('application/x-www-form-urlencoded');
  return isForm ? request.formJson('payload') : request.json();
}
