import { dedupKey, firstText } from '@patchbay/plugin-sdk';
import type { EventPayload } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import { eventOf } from './reading.ts';
import type { Settings } from './reading.ts';
import type { legacySchema } from './sentry.schema.ts';

/** The legacy plugin reports occurrences by the id; somebody has to resolve these incidents by hand. */
export function legacyEvent(message: z.infer<typeof legacySchema>, settings: Settings): EventPayload {
  const event = message.event ?? {};
  const id = firstText(message.id) ?? /\/issues\/(\d{1,30})/.exec(firstText(message.url) ?? '')?.[1];
  const project = firstText(message.project_slug, message.project, message.project_name);
  const title =
    firstText(message.message, event.title, event.metadata?.title, event.message, message.culprit, event.culprit) ??
    `Issue ${id ?? ''}`.trim();
  return eventOf({
    action: 'trigger',
    key: id === undefined ? dedupKey('sentry', 'event', project ?? 'project', title) : dedupKey('sentry', 'issue', id),
    summary: [project === undefined ? title : `${firstText(message.project_name, project) ?? project}: ${title}`],
    source: [project, message.logger, 'Sentry'],
    severity: settings.severity(message.level ?? event.level),
    kind: 'legacy plugin',
    component: firstText(message.culprit, event.culprit),
    group: firstText(event.environment, project),
    links: [[message.url, 'Sentry issue']],
    details: {
      level: message.level ?? event.level ?? null,
      culprit: firstText(message.culprit, event.culprit) ?? null,
      logger: message.logger ?? null,
      platform: event.platform ?? null,
    },
  });
}
