import { dedupKey, eventOf, firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, Reading, Severity } from '@patchbay/plugin-sdk';
import type { z } from 'zod';
import type { accessTokenSchema, issueSchema, vulnerabilitySchema } from './gitlab.schema.ts';
import { projectPath } from './run-events.ts';
import type { Settings } from './settings.ts';

const ACTIONS = new Map<string, 'trigger' | 'resolve'>([
  ['open', 'trigger'],
  ['reopen', 'trigger'],
  ['opened', 'trigger'],
  ['reopened', 'trigger'],
  ['close', 'resolve'],
  ['closed', 'resolve'],
]);

/** Requirements are archived by an update, whose changes say the state as a number. */
const STATE_IDS = new Map<string, 'trigger' | 'resolve'>([
  ['1', 'trigger'],
  ['2', 'resolve'],
]);

/** An incident's status for those on call, which changes while the incident itself stays open. */
const ESCALATIONS = new Map<string, EventAction>([
  ['triggered', 'trigger'],
  ['acknowledged', 'acknowledge'],
  ['resolved', 'resolve'],
]);

export function issueEvent(message: z.infer<typeof issueSchema>, settings: Settings): Reading {
  const { object_attributes: issue, project } = message;
  const isIncident = textOf(issue.type)?.toLowerCase() === 'incident';
  if (!settings.issues && !isIncident) return { ignored: 'Issues are switched off in the settings' };
  // Old versions say no action, only where the issue is now.
  const action =
    ACTIONS.get(textOf(issue.action) ?? textOf(issue.state) ?? '') ??
    STATE_IDS.get(textOf(message.changes?.state_id?.current) ?? '') ??
    ESCALATIONS.get(isIncident ? (textOf(message.changes?.escalation_status?.current) ?? '') : '');
  if (action === undefined)
    return { ignored: `The action "${String(issue.action ?? 'none')}" neither opens nor closes an issue` };
  // Epics belong to a group, which their address alone names.
  const path =
    project === null || project === undefined
      ? (textOf(issue.project_id) ?? pathOf(textOf(issue.url)) ?? 'project')
      : projectPath(project);
  const number = firstText(issue.iid, issue.id) ?? '0';
  const kind = isIncident ? 'incident' : 'issue';
  return eventOf({
    action,
    key: dedupKey('gitlab', path, 'issue', number),
    summary: [`${path}#${number}: ${textOf(issue.title) ?? kind}`],
    source: [path],
    severity: isIncident ? incidentSeverity(issue.severity, settings) : 'info',
    kind,
    timestamp: issue.updated_at,
    links: [
      [issue.url, `${isIncident ? 'Incident' : 'Issue'} #${number}`],
      [project?.web_url, path],
    ],
    details: { action: issue.action ?? null, state: issue.state ?? null, severity: issue.severity ?? null },
  });
}

/** GitLab's severities of an incident; a new one is `unknown`. */
function incidentSeverity(word: unknown, settings: Settings): Severity {
  return textOf(word)?.toLowerCase() === 'unknown' ? settings.failure : settings.severity(word);
}

const VULNERABILITY_STATES: Record<string, 'trigger' | 'resolve'> = {
  detected: 'trigger',
  confirmed: 'trigger',
  resolved: 'resolve',
  dismissed: 'resolve',
};

export function vulnerabilityEvent(message: z.infer<typeof vulnerabilitySchema>, settings: Settings): Reading {
  const { object_attributes: found } = message;
  const state = textOf(found.state)?.toLowerCase() ?? '';
  const action = Object.hasOwn(VULNERABILITY_STATES, state) ? VULNERABILITY_STATES[state] : undefined;
  if (action === undefined) return { ignored: `The vulnerability's state is "${state.slice(0, 60)}"` };
  const url = textOf(found.url);
  const path = message.project === null || message.project === undefined ? pathOf(url) : projectPath(message.project);
  const title = textOf(found.title) ?? 'Vulnerability';
  return eventOf({
    action,
    key: dedupKey(
      'gitlab',
      url ?? firstText(found.project_id, path) ?? 'project',
      'vulnerability',
      ...(url === undefined ? [title] : []),
    ),
    summary: [`${path === undefined ? '' : `${path}: `}${title} (vulnerability ${state})`],
    source: [path, found.project_id, 'GitLab'],
    severity: settings.severity(found.severity),
    kind: 'vulnerability',
    component: typeof found.location === 'object' ? found.location?.file : found.location,
    group: found.report_type,
    timestamp: found.updated_at,
    links: [[url, 'Vulnerability']],
    details: { state, severity: found.severity ?? null, report_type: found.report_type ?? null },
  });
}

/** `https://host/group/project/-/security/vulnerabilities/1` names its project, `https://host/groups/group/-/epics/1` its group. */
function pathOf(url: string | undefined): string | undefined {
  return /^https?:\/\/[^/]{1,260}\/(.{1,300}?)\/-\//.exec(url ?? '')?.[1];
}

/** A token that is about to expire: what uses it will stop working. */
export function accessTokenEvent(message: z.infer<typeof accessTokenSchema>): Reading {
  if (message.event_name !== undefined && !String(message.event_name).startsWith('expiring'))
    return { ignored: `"${String(message.event_name).slice(0, 60)}" is no alert` };
  const { object_attributes: token, group, project } = message;
  const place =
    firstText(group?.full_path, group?.group_path, group?.group_name) ??
    (project === null || project === undefined ? 'GitLab' : projectPath(project));
  const name = firstText(token.name, token.id) ?? 'token';
  return eventOf({
    action: 'trigger',
    key: dedupKey('gitlab', place, 'access-token', firstText(token.id, token.name) ?? 'token'),
    summary: [`Access token ${name} of ${place} expires on ${textOf(token.expires_at) ?? 'a day soon'}`],
    source: [place],
    severity: 'warning',
    kind: 'access token',
    component: name,
    links: [[project?.web_url, place]],
    details: { expires_at: token.expires_at ?? null },
  });
}
