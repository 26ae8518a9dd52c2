import { defineIntegration, ignored, ingestedFrom } from '@patchbay/plugin-sdk';
import { paypalEvent } from './paypal-event.ts';
import { paypalEventSchema } from './paypal.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const body = request.json();
    if (typeof body === 'object' && body !== null && 'transmission_sig' in body && 'webhook_event' in body)
      return ignored('This is a request to verify a signature, which a receiver sends to PayPal');
    const events = Object(configuration.events) as Record<string, unknown>;
    return ingestedFrom([paypalEvent(request.parse(paypalEventSchema), events)], request, 'There is no event');
  },
});
