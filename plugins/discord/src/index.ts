import { defineIntegration, ignored, invalid, textOf } from '@patchbay/plugin-sdk';
import { interactionSchema, webhookEventSchema } from './discord.schema.ts';
import { interactionResult } from './interaction.ts';

export default defineIntegration({
  ingest(request) {
    const body = request.json();
    if (typeof body !== 'object' || body === null || !('type' in body))
      return invalid('This is no request of Discord', [{ path: 'type', message: 'Missing' }]);
    // Both kinds of requests have a type of 1 that means something else; only webhook events have a version.
    if ('version' in body && !('token' in body) && ('event' in body || body.type === 0)) {
      const { event, type } = request.parse(webhookEventSchema);
      if (type === 0) return ignored('Discord checked the address', { status: 204 });
      const name = textOf(event?.type) ?? 'unknown';
      return ignored(`The event "${name.slice(0, 60)}" of Discord is no alert`, { status: 204 });
    }
    return interactionResult(request.parse(interactionSchema));
  },
});
