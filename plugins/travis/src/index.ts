import { branchFilter, defineIntegration, ignored, messageOf, severityOf } from '@patchbay/plugin-sdk';
import { buildEvent } from './build-event.ts';
import { buildSchema } from './build.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    // Travis CI sends a form whose field `payload` holds the JSON.
    const build = request.parse(buildSchema, messageOf(request));
    const severity = severityOf(configuration.failureSeverity) ?? 'error';
    const reading = buildEvent(build, branchFilter(configuration.branches), severity);
    return 'ignored' in reading ? ignored(reading.ignored) : reading;
  },
});
