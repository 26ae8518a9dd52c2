import { dedupKey, firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import { eventOf, projectName } from './reading.ts';
import type { Reading, Settings } from './reading.ts';
import type {
  activityAlertSchema,
  errorSchema,
  eventAlertSchema,
  issueSchema,
  serviceHookSchema,
} from './sentry.schema.ts';

type SentryEvent = z.infer<typeof eventAlertSchema>['data']['event'];

/** The change of an issue; its action says what happened, its status is only the state before or after. */
export function issueEvent(message: z.infer<typeof issueSchema>, settings: Settings): Reading {
  const { issue } = message.data;
  const action = issueAction(message.action, settings);
  if (action === undefined) return { ignored: `The action "${message.action.slice(0, 60)}" changes no incident` };
  const project = projectName(issue.project);
  const title = firstText(issue.title, issue.culprit) ?? `Issue ${issue.id}`;
  return eventOf({
    action,
    key: dedupKey('sentry', 'issue', issue.id),
    summary: [project === undefined ? title : `${project}: ${title}`],
    source: [project, issue.culprit, 'Sentry'],
    severity: settings.severity(issue.level),
    kind: 'issue',
    component: issue.culprit,
    group: project,
    timestamp: issue.lastSeen,
    links: [
      [issue.permalink, textOf(issue.shortId) ?? 'Sentry issue'],
      [issue.web_url, textOf(issue.shortId) ?? 'Sentry issue'],
    ],
    details: {
      action: message.action,
      shortId: issue.shortId ?? null,
      culprit: issue.culprit ?? null,
      platform: issue.platform ?? null,
      substatus: issue.substatus ?? null,
      count: issue.count ?? null,
      userCount: issue.userCount ?? null,
    },
  });
}

/**
 * An alert on what happens to an issue, by Sentry's names of activities; most of them, such as notes and the steps of
 * Seer, neither open nor close anything.
 */
export function activityEvent(message: z.infer<typeof activityAlertSchema>, settings: Settings): Reading {
  const kind = textOf(message.data.activity?.type) ?? '';
  const opens = /^(first_seen|set_(unresolved|regression|escalating))$/.test(kind);
  if (!opens && !kind.startsWith('set_resolved')) return { ignored: `The activity "${kind.slice(0, 60)}" is no alert` };
  return issueEvent({ ...message, action: opens ? 'unresolved' : 'resolved' }, settings);
}

function issueAction(action: string, settings: Settings): EventAction | undefined {
  switch (action) {
    case 'created':
    case 'unresolved':
      return 'trigger';
    case 'resolved':
      return 'resolve';
    case 'assigned':
      return 'acknowledge';
    case 'archived':
    case 'ignored':
      return settings.archived === 'ignore' ? undefined : settings.archived;
    default:
      return undefined;
  }
}

export function alertEvent(message: z.infer<typeof eventAlertSchema>, settings: Settings): Reading {
  const { event, triggered_rule: rule } = message.data;
  return occurrence(event, 'event_alert', textOf(rule), settings);
}

export function errorEvent(message: z.infer<typeof errorSchema>, settings: Settings): Reading {
  return occurrence(message.data.error, 'error', undefined, settings);
}

/** A service hook names the issue beside the occurrence. */
export function serviceHookEvent(message: z.infer<typeof serviceHookSchema>, settings: Settings): Reading {
  const { group, project, event } = message;
  return occurrence(
    {
      ...event,
      issue_id: group.id,
      title: firstText(event?.title, group.title),
      level: firstText(event?.level, group.level),
      culprit: firstText(event?.culprit, group.culprit),
      web_url: firstText(event?.web_url, group.url),
      project,
    },
    'service hook',
    undefined,
    settings,
  );
}

/** One occurrence; its key is the issue's, so that `issue.resolved` closes what it opened. */
function occurrence(event: SentryEvent, kind: string, rule: string | undefined, settings: Settings): Reading {
  const issue = issueId(event);
  const project = eventProject(event);
  const title = firstText(event.title, event.message, event.culprit) ?? 'Sentry event';
  return eventOf({
    action: 'trigger',
    key:
      issue === undefined
        ? dedupKey('sentry', 'event', project ?? 'project', title)
        : dedupKey('sentry', 'issue', issue),
    // A bare number says nothing to whoever is woken by it.
    summary: [project === undefined || /^\d+$/.test(project) ? title : `${project}: ${title}`],
    source: [project, event.culprit, 'Sentry'],
    severity: settings.severity(event.level),
    kind,
    component: event.culprit,
    group: firstText(event.environment, project),
    timestamp: event.datetime,
    links: [[event.web_url, 'Sentry event']],
    details: {
      rule: rule ?? null,
      message: event.message ?? null,
      culprit: event.culprit ?? null,
      platform: event.platform ?? null,
      environment: event.environment ?? null,
      release: textOf(event.release) ?? null,
    },
  });
}

function issueId(event: SentryEvent): string | undefined {
  const named = firstText(event.issue_id, event.groupID);
  if (named !== undefined) return named;
  const addresses = [textOf(event.issue_url), textOf(event.web_url)];
  for (const address of addresses) {
    const id = address === undefined ? undefined : /\/issues\/(\d{1,30})(?:[/?#]|$)/.exec(address)?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}

/** An event may name its project by a bare number; the address of the event holds its name. */
function eventProject(event: SentryEvent): string | undefined {
  const name = projectName(event.project);
  return name !== undefined && !/^\d+$/.test(name) ? name : (projectFromUrl(event.url) ?? name);
}

/** `https://sentry.io/api/0/projects/ORGANISATION/PROJECT/events/...` */
function projectFromUrl(url: unknown): string | undefined {
  return /\/projects\/[\w.-]{1,100}\/([\w.-]{1,100})\//.exec(textOf(url) ?? '')?.[1];
}
