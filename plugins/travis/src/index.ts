import { branchFilter, defineIntegration, ignored, messageOf } from '@patchbay/plugin-sdk';
import { buildEvent } from './build-event.ts';
import { buildSchema } from './build.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    // Travis CI sends a form whose field `payload` holds the JSON.
    const build = request.parse(buildSchema, messageOf(request));
    const reading = buildEvent(build, branchFilter(configuration.branches));
    return 'ignored' in reading ? ignored(reading.ignored) : reading;
  },
});
