import { dedupKey, detailsOf, eventOf, hostOf } from '@patchbay/plugin-sdk';
import type { LooseFields, MessageReading } from '@patchbay/plugin-sdk';
import type { Settings } from './settings.ts';

/**
 * The event of a security notification (https://docs.dynatrace.com/docs/secure/application-security): a vulnerability. Its
 * placeholders are others than a problem's, and it never says that something is over.
 */
export function securityEvent(fields: LooseFields, message: unknown, settings: Settings): MessageReading | undefined {
  const id = fields.text('SecurityProblemId', 'securityProblemDisplayId', 'VulnerabilityId');
  if (id === undefined) return undefined;
  const url = fields.text('SecurityProblemUrl', 'SecurityProblemLink', 'url');
  const title = fields.text('Title', 'SecurityProblemTitle', 'name') ?? `Vulnerability ${id}`;
  const component = fields.text('VulnerableComponent', 'VulnerableComponents', 'PackageName');
  const state = fields.text('State', 'status')?.toLowerCase();
  return eventOf({
    action: state === 'resolved' || state === 'closed' ? 'resolve' : 'trigger',
    key: dedupKey('dynatrace', 'security', id),
    summary: [component === undefined ? title : `${title}: ${component}`],
    source: [component, hostOf(url), 'Dynatrace'],
    severity: settings.severity(fields.text('Severity', 'RiskLevel', 'DavisSecurityLevel')),
    kind: 'vulnerability',
    component,
    links: [[url, 'Vulnerability']],
    details: detailsOf(message),
  });
}
