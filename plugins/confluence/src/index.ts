import { defineIntegration, firstText, ignored, ingestedFrom } from '@patchbay/plugin-sdk';
import { confluenceEvent } from './confluence-event.ts';
import { confluenceSchema } from './confluence.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    const message = request.parse(confluenceSchema);
    if (message.test === true) return ignored('Confluence tested the connection', { status: 200 });
    if ('modules' in message && 'baseUrl' in message)
      return ignored('This is the description of an app, which is given to Confluence and not sent by it');
    // Cloud names the event nowhere in the body: apps register one address for each.
    const name = firstText(
      message.event,
      message.webhookEvent,
      message.eventType,
      request.queryValue('event'),
      request.header('x-event-key'),
      request.header('x-atlassian-webhook-event'),
    );
    const meanings = Object(configuration.events) as Record<string, unknown>;
    return ingestedFrom([confluenceEvent(message, name?.toLowerCase(), meanings)], request, 'There is no event');
  },
});
