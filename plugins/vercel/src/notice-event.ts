import { dedupKey, eventOf, firstText, looseFields, textOf, valueAt } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload, Severity } from '@patchbay/plugin-sdk';
import { projectOf } from './project.ts';
import type { Message } from './vercel.schema.ts';

interface Notice {
  action: EventAction;
  severity: Severity;
  /** The same for a problem and for its end. */
  about: string;
  words: string;
}

const notice = (action: EventAction, severity: Severity, about: string, words: string): Notice => ({
  action,
  severity,
  about,
  words,
});

/** Messages that are not about deployments, and mean that somebody has to act or no longer has to. */
const NOTICES = new Map<string, Notice>([
  ['alerts.triggered', notice('trigger', 'warning', 'alert', 'Vercel sees something unusual')],
  ['domain.certificate.add.failed', notice('trigger', 'error', 'certificate', 'No certificate could be issued')],
  ['domain.certificate.add', notice('resolve', 'info', 'certificate', 'A certificate was issued')],
  ['domain.certificate.renew.failed', notice('trigger', 'error', 'certificate', 'The certificate was not renewed')],
  ['domain.certificate.renew', notice('resolve', 'info', 'certificate', 'The certificate was renewed')],
  ['domain.renewal.failed', notice('trigger', 'error', 'renewal', 'The domain was not renewed')],
  ['domain.renewal', notice('resolve', 'info', 'renewal', 'The domain was renewed')],
  ['domain.transfer-in.failed', notice('trigger', 'warning', 'transfer', 'The domain could not be transferred')],
  ['domain.transfer-in.completed', notice('resolve', 'info', 'transfer', 'The domain was transferred')],
  ['firewall.attack', notice('trigger', 'warning', 'attack', 'The firewall sees an attack')],
  ['budget.reached', notice('trigger', 'warning', 'budget', 'The budget is reached')],
]);

export function noticeOf(type: string): Notice | undefined {
  return NOTICES.get(type);
}

export function noticeEvent(message: Message, { action, severity, about, words }: Notice): EventPayload {
  const { payload } = message;
  const fields = looseFields(payload, 3);
  const names: unknown = valueAt(payload, ['cert', 'cns', 0]) ?? valueAt(payload, ['names', 0]);
  const domain = firstText(valueAt(payload, ['domain', 'name']), fields.text('domainName', 'domain'), names);
  const team = textOf(payload.team) ?? fields.text('team.name', 'team.slug', 'teamSlug', 'team.id', 'teamId');
  const project = projectOf(payload);
  const isOfProject = about === 'alert' || about === 'attack';
  const slug = fields.text('projectSlug') ?? (project.name === 'project' ? project.id : project.name);
  const shown = isOfProject ? slug : (domain ?? team ?? 'Vercel');
  const title = about === 'alert' ? (fields.text('title', 'alerts.title') ?? firstTitle(payload)) : undefined;
  return eventOf({
    action,
    key: dedupKey('vercel', about, isOfProject ? project.id : shown, ...(title === undefined ? [] : [title])),
    summary: [`${shown}: ${title ?? words}`],
    source: [shown],
    severity,
    kind: message.type,
    component: shown,
    group: team,
    timestamp: message.createdAt,
    links: [
      [valueAt(payload, ['links', 'observability']), 'Observability in Vercel'],
      [payload.links?.project, 'Project in Vercel'],
    ],
    details: { type: message.type, domain: domain ?? null, team: team ?? null },
  });
}

const firstTitle = (payload: unknown): string | undefined => textOf(valueAt(payload, ['alerts', 0, 'title']));
