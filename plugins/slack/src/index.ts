import { defineIntegration, ignored, ingestedFrom, invalid, textOf } from '@patchbay/plugin-sdk';
import type { IngestRequest, Ingested } from '@patchbay/plugin-sdk';
import { commandResult, interactionResult } from './interaction.ts';
import { messageEvent } from './message-event.ts';
import { eventCallbackSchema, interactionSchema } from './slack.schema.ts';

export default defineIntegration({
  ingest(request, { configuration }) {
    if (request.method === 'GET') return ignored('Slack checked the address', { status: 200, body: '' });
    const start = request.text().trimStart().charAt(0);
    if (start !== '{' && start !== '[') return formResult(request);
    const body = request.json();
    if (typeof body !== 'object' || body === null) return noSlack();
    if ('challenge' in body && 'type' in body && body.type === 'url_verification')
      return ignored('Slack verified the address', {
        status: 200,
        contentType: 'text/plain',
        body: (textOf(body.challenge) ?? '').slice(0, 1000),
      });
    if (('type' in body && body.type === 'app_rate_limited') || 'minute_rate_limited' in body)
      return ignored('Slack limits how many events it sends to this app');
    if ('event' in body)
      return ingestedFrom([messageEvent(request.parse(eventCallbackSchema), configuration)], request, '');
    if ('actions' in body || 'callback_id' in body || 'view' in body)
      return interactionResult(request.parse(interactionSchema));
    if ('command' in body && 'team_id' in body) return commandResult(textFields(body));
    return noSlack();
  },
});

/** Interactions hold their JSON in the field `payload`; slash commands are plain fields. */
function formResult(request: IngestRequest): Ingested {
  const fields = Object.fromEntries(request.form());
  if (fields.ssl_check === '1') return ignored('Slack checked the certificate', { status: 200, body: '' });
  if (fields.payload !== undefined)
    return interactionResult(request.parse(interactionSchema, request.formJson('payload')));
  return fields.command === undefined ? noSlack() : commandResult(fields);
}

function textFields(body: object): Record<string, string> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, textOf(value) ?? '']));
}

function noSlack(): Ingested {
  return invalid('This is no request of Slack: neither an event, an interaction nor a command', [
    { path: '', message: 'Expected event, payload or command' },
  ]);
}
