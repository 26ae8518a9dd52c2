import { dedupKey, eventOf, firstText, hostOf, severityOf } from '@patchbay/plugin-sdk';
import type { Issue, Reading } from '@patchbay/plugin-sdk';
import type { ConfluenceMessage } from './confluence.schema.ts';
import { subjectOf, unnamed } from './subject.ts';

/**
 * What becomes of a message. Confluence knows no problems, so only the settings make an event out of one.
 *
 * @param name the event's name, where the body or the request holds one
 * @param meanings from a name to a severity, resolve or ignore
 */
export function confluenceEvent(
  message: ConfluenceMessage,
  name: string | undefined,
  meanings: Record<string, unknown>,
): Reading | { issues: Issue[] } {
  const subject = subjectOf(message);
  const known = name !== undefined && Object.hasOwn(meanings, name) ? meanings[name] : undefined;
  const severity = severityOf(known);
  if (severity === undefined && known !== 'resolve')
    return {
      ignored: `"${(name ?? unnamed(subject)).slice(0, 100)}" of Confluence is no alert; under Events the settings can make it one`,
    };
  if (subject === undefined)
    return { issues: [{ path: '', message: 'Expected page, comment, blogpost, attachment, space or the like' }] };
  const host = hostOf(subject.address) ?? 'confluence';
  const words = (name ?? '').replace(/_/g, ' ');
  const headline = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return eventOf({
    action: severity === undefined ? 'resolve' : 'trigger',
    key: dedupKey('confluence', host, subject.kind, subject.id),
    summary: [subject.title === undefined ? headline : `${headline}: ${subject.title}`],
    source: [subject.space, host],
    severity: severity ?? 'info',
    kind: name ?? 'event',
    component: subject.kind,
    group: subject.space,
    timestamp: message.timestamp,
    links: [[subject.address, subject.title ?? 'Confluence']],
    details: {
      event: name ?? null,
      [subject.kind]: subject.id,
      space: subject.space ?? null,
      by: firstText(message.userAccountId, message.userKey) ?? null,
    },
  });
}
