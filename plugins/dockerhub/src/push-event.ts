import { dedupKey, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventPayload } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { pushSchema } from './push.schema.ts';

/** The event of an image that was pushed. Nothing ever resolves it, and the callback address is not followed. */
export function pushEvent({ push_data: push, repository }: z.infer<typeof pushSchema>): EventPayload {
  const named = [repository.namespace, repository.name].flatMap((part) => textOf(part) ?? []).join('/');
  const name = firstText(repository.repo_name, named) ?? 'repository';
  const tag = textOf(push?.tag) ?? 'latest';
  const pusher = textOf(push?.pusher);
  return eventOf({
    action: 'trigger',
    key: dedupKey('dockerhub', `${name}:${tag}`),
    summary: [pusher === undefined ? `${name}:${tag} was pushed` : `${name}:${tag} was pushed by ${pusher}`],
    source: [name],
    severity: 'info',
    kind: 'push',
    component: name,
    timestamp: push?.pushed_at,
    links: [[repository.repo_url, name]],
    details: { tag, pusher: pusher ?? null },
  });
}
