import { defineIntegration, ignored } from '@patchbay/plugin-sdk';
import { pushEvent } from './push-event.ts';
import { pushSchema } from './push.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const push = request.parse(pushSchema);
    return configuration.pushes === 'incident' ? pushEvent(push) : ignored('An image was pushed, which is no alert');
  },
});
