import { firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, Severity } from '@patchbay/plugin-sdk';
import { listOf, part } from './reading.ts';
import type { Detail, OtherEvent } from './reading.ts';

const LABELS: Record<string, Severity> = {
  CRITICAL: 'critical',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'info',
  INFORMATIONAL: 'info',
  UNTRIAGED: 'info',
};

const labelled = (label: unknown): Severity | undefined => {
  const word = textOf(label)?.toUpperCase() ?? '';
  return Object.hasOwn(LABELS, word) ? LABELS[word] : undefined;
};

/** https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html */
export function guardDutyFinding(detail: Detail): OtherEvent | { ignored: string } {
  const scan = part(detail.scanResultDetails);
  if (detail.scanStatus !== undefined) return malwareScan(detail, scan);
  const level = Number(detail.severity);
  const severity: Severity = level >= 9 ? 'critical' : level >= 7 ? 'error' : level >= 4 ? 'warning' : 'info';
  const archived = part(detail.service).archived === true;
  return {
    action: archived ? 'resolve' : 'trigger',
    key: ['guardduty', textOf(detail.id) ?? textOf(detail.type) ?? 'finding'],
    summary: `GuardDuty: ${firstText(detail.title, detail.description, detail.type) ?? 'finding'}`,
    severity,
    component: textOf(detail.type),
  };
}

/** https://docs.aws.amazon.com/guardduty/latest/ug/monitor-with-eventbridge-s3-malware-protection.html */
function malwareScan(detail: Detail, scan: Detail): OtherEvent | { ignored: string } {
  const result = textOf(scan.scanResultStatus) ?? '';
  const object = part(detail.s3ObjectDetails);
  const place = `${textOf(object.bucketName) ?? 'bucket'}/${textOf(object.objectKey) ?? 'object'}`;
  if (result !== 'THREATS_FOUND') return { ignored: `The malware scan of ${place.slice(0, 200)} found no threat` };
  return {
    action: 'trigger',
    key: ['guardduty', 'malware', place],
    summary: `GuardDuty found malware in ${place}`,
    severity: 'error',
    component: place,
  };
}

/** https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html: each finding is a problem of its own. */
export function securityHubFindings(detail: Detail): OtherEvent[] {
  return listOf(detail.findings).map((entry) => {
    const finding = part(entry);
    const severity = part(finding.Severity);
    const normalised = Number(severity.Normalized);
    const workflow = firstText(part(finding.Workflow).Status, finding.WorkflowState)?.toUpperCase() ?? '';
    const over =
      finding.RecordState === 'ARCHIVED' ||
      workflow === 'RESOLVED' ||
      workflow === 'SUPPRESSED' ||
      part(finding.Compliance).Status === 'PASSED';
    const resource = textOf(part(listOf(finding.Resources)[0]).Id);
    const title = firstText(finding.Title, finding.Description) ?? 'finding';
    return {
      action: over ? 'resolve' : 'trigger',
      key: ['securityhub', firstText(finding.Id) ?? `${firstText(finding.GeneratorId) ?? title}-${resource ?? ''}`],
      summary: `Security Hub: ${title}`,
      severity: labelled(severity.Label) ?? labelOfNumber(normalised),
      component: resource,
    };
  });
}

/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Severity.html */
function labelOfNumber(normalised: number): Severity {
  return normalised >= 90 ? 'critical' : normalised >= 70 ? 'error' : normalised >= 40 ? 'warning' : 'info';
}

/** Findings of Inspector, Macie and others, which have a title, a severity in words, and a status. */
export function otherFinding(detail: Detail): OtherEvent {
  const status = textOf(detail.status)?.toUpperCase() ?? '';
  const over = status === 'CLOSED' || status === 'RESOLVED' || status === 'SUPPRESSED' || status === 'ARCHIVED';
  const action: EventAction = over || detail.archived === true ? 'resolve' : 'trigger';
  const resource = firstText(detail.resource);
  const place =
    resource === undefined ? undefined : [firstText(detail.resourceType), resource].filter(Boolean).join(' ');
  const title = firstText(detail.title, detail.description, detail.type, place) ?? 'finding';
  return {
    action,
    key: ['finding', firstText(detail.findingArn, detail.id) ?? title],
    summary: `Finding: ${title}`,
    severity: labelled(detail.severity) ?? labelled(part(detail.severity).description) ?? 'warning',
    component: textOf(part(listOf(detail.resources)[0]).id) ?? textOf(detail.type),
  };
}
