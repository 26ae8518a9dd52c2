import { defineIntegration, ingestedFrom } from '@patchbay/plugin-sdk';
import { readSettings } from './settings.ts';
import { stripeEvent } from './stripe-event.ts';
import { stripeEventSchema } from './stripe.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const event = request.parse(stripeEventSchema);
    return ingestedFrom([stripeEvent(event, readSettings(configuration))], request, 'There is no event');
  },
});
