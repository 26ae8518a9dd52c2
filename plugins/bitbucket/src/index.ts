import { branchFilter, defineIntegration, ignored, invalid, messageOf } from '@patchbay/plugin-sdk';
import { commitStatusSchema, issueSchema } from './bitbucket.schema.ts';
import { commitStatusEvent } from './commit-status-event.ts';
import { eventKind } from './event-kind.ts';
import { issueEvent } from './issue-event.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    // The services that Bitbucket had before its webhooks sent a form.
    const message = messageOf(request);
    const kind = eventKind(request.header('x-event-key'), message);
    switch (kind) {
      case undefined:
        return invalid('This is no webhook of Bitbucket: it has no X-Event-Key header and no known shape');
      case 'diagnostics:ping':
        return ignored("Bitbucket's test of the connection arrived");
      case 'repo:commit_status_created':
      case 'repo:commit_status_updated': {
        const reading = commitStatusEvent(
          request.parse(commitStatusSchema, message),
          branchFilter(configuration.branches),
        );
        return 'ignored' in reading ? ignored(reading.ignored) : reading;
      }
      case 'issue:created':
      case 'issue:updated': {
        if (configuration.issues === false) return ignored('Issues open no incidents by the settings');
        const reading = issueEvent(kind, request.parse(issueSchema, message));
        return 'ignored' in reading ? ignored(reading.ignored) : reading;
      }
      case 'other':
        return ignored('Pushes, pull requests and the like are no alerts');
      default:
        return ignored(`"${kind.slice(0, 60)}" messages are no alerts`);
    }
  },
});
