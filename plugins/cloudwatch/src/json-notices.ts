import { firstText, severityOf, textOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';
import { listOf, part } from './reading.ts';
import type { Detail, OtherEvent } from './reading.ts';

/** What services write to a topic themselves, without EventBridge. Undefined for JSON that is none of it. */
export function jsonNotice(message: Detail): OtherEvent | { ignored: string } | undefined {
  if (message.Event === 's3:TestEvent') return { ignored: "Amazon S3's test event arrived" };
  if (Array.isArray(message.Records)) return objectNotice(part(message.Records[0]));
  if (textOf(message.AutoScalingGroupName) !== undefined) return scalingNotice(message);
  if (textOf(message.documentName) !== undefined && textOf(message.status) !== undefined) return commandNotice(message);
  if (textOf(message.anomalyId) !== undefined) return costNotice(message);
  if (textOf(message.InsightId) !== undefined) return insightNotice(message);
  if (message['Event Message'] !== undefined) return databaseNotice(message);
  return mailNotice(message);
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html */
function scalingNotice(message: Detail): OtherEvent | { ignored: string } {
  const group = textOf(message.AutoScalingGroupName) ?? '';
  const [, verb, failed] =
    /^autoscaling:EC2_INSTANCE_(LAUNCH|TERMINATE)(_ERROR)?$/.exec(textOf(message.Event) ?? '') ?? [];
  if (verb === undefined)
    return { ignored: `"${(textOf(message.Event) ?? 'no event').slice(0, 60)}" of Auto Scaling is no alert` };
  return {
    action: failed === undefined ? 'resolve' : 'trigger',
    severity: failed === undefined ? 'info' : 'error',
    key: ['autoscaling', group, verb.toLowerCase()],
    summary: `${group}: ${firstText(message.StatusMessage, message.Description, message.Cause) ?? verb}`,
    component: group,
  };
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-sns-examples.html */
function commandNotice(message: Detail): OtherEvent | { ignored: string } {
  const status = textOf(message.status)?.replace(/\s/g, '').toLowerCase() ?? '';
  const isGood = status === 'success';
  if (!isGood && !/^(failed|timedout|undeliverable|terminated)$/.test(status))
    return { ignored: `The command is "${status.slice(0, 40)}", which is neither good nor bad news` };
  const document = textOf(message.documentName) ?? '';
  const target = textOf(message.instanceId);
  return {
    action: isGood ? 'resolve' : 'trigger',
    severity: isGood ? 'info' : 'error',
    key: ['ssm', document, ...(target === undefined ? [] : [target])],
    summary: `Run Command ${document}${target === undefined ? '' : ` on ${target}`}: ${textOf(message.detailedStatus) ?? status}`,
    component: target ?? document,
  };
}

/** https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html */
export function costNotice(message: Detail): OtherEvent {
  const what = firstText(message.dimensionalValue, message.monitorName) ?? 'cost';
  const impact = firstText(part(message.impact).totalImpact, part(message.impact).maxImpact);
  return {
    action: 'trigger',
    severity: 'warning',
    key: ['cost-anomaly', textOf(message.anomalyId) ?? what],
    summary: `Cost anomaly of ${what}${impact === undefined ? '' : `: ${impact} above what was expected`}`,
    component: what,
  };
}

/**
 * https://docs.aws.amazon.com/devops-guru/latest/userguide/setting-up.html: severities are high, medium and low. On
 * EventBridge the names begin with small letters.
 */
export function insightNotice(message: Detail): OtherEvent | { ignored: string } {
  const type = firstText(message.MessageType, message.messageType) ?? 'no type';
  const isOver = type === 'CLOSED_INSIGHT';
  if (!isOver && !/^(NEW_INSIGHT|NEW_ASSOCIATION|SEVERITY_UPGRADED)$/.test(type))
    return { ignored: `"${type.slice(0, 60)}" of DevOps Guru changes no incident` };
  const name =
    firstText(message.InsightName, message.insightName, message.InsightDescription, message.insightDescription) ??
    'insight';
  const link = firstText(message.InsightUrl, message.insightUrl);
  return {
    action: isOver ? 'resolve' : 'trigger',
    severity: severityOf(firstText(message.InsightSeverity, message.insightSeverity)) ?? 'warning',
    key: ['devops-guru', firstText(message.InsightId, message.insightId) ?? name],
    summary: `DevOps Guru: ${name}`,
    component: 'DevOps Guru',
    ...(link !== undefined ? { link } : {}),
  };
}

/** Codes of events of RDS that say what nobody wants to sleep through; most of the hundreds are information. */
const DATABASE_ERRORS = new Set([
  '0007',
  '0022',
  '0031',
  '0035',
  '0036',
  '0081',
  '0219',
  '0221',
  '0222',
  '0223',
  '0240',
]);
const DATABASE_WARNINGS = new Set(['0013', '0034', '0052', '0065', '0089', '0224', '0227', '0254']);
const DATABASE_ROUTINE = new Set(['0001', '0002']);

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html; DMS and Redshift write the same. */
function databaseNotice(message: Detail): OtherEvent | { ignored: string } | undefined {
  const origin = firstText(message['Source ID'], message.SourceId, message.Resource, message['Event Source']);
  const code = textOf(message['Event ID'])?.split('#').pop()?.trim();
  if (origin === undefined || code === undefined) return undefined;
  const number = /^RDS-EVENT-(\d{4})$/.exec(code)?.[1] ?? '';
  const text = firstText(message['Event Message']) ?? code;
  if (DATABASE_ROUTINE.has(number)) return { ignored: `${origin.slice(0, 100)}: ${text.slice(0, 300)}` };
  // The codes of DMS have no list here: a task of it that failed says so.
  const hasFailed = code.startsWith('DMS-') && /\bfailed\b/i.test(text);
  const severity: Severity =
    DATABASE_ERRORS.has(number) || textOf(message.Severity)?.toUpperCase() === 'ERROR' || hasFailed
      ? 'error'
      : DATABASE_WARNINGS.has(number)
        ? 'warning'
        : 'info';
  const link = textOf(message['Identifier Link']);
  return {
    action: 'trigger',
    severity,
    key: [origin, code],
    summary: `${origin}: ${text}`,
    component: origin,
    ...(link !== undefined ? { link } : {}),
  };
}

/** https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html and event-publishing-retrieving-sns-contents.html */
function mailNotice(message: Detail): OtherEvent | { ignored: string } | undefined {
  const kind = firstText(message.notificationType, message.eventType);
  if (kind === undefined || (message.mail === undefined && kind !== 'AmazonSnsSubscriptionSucceeded')) return undefined;
  const bounce = part(message.bounce);
  const sender = textOf(part(message.mail).source) ?? 'sender';
  const permanent = kind === 'Bounce' && textOf(bounce.bounceType) !== 'Transient';
  if (!permanent && !['Bounce', 'Complaint', 'Reject', 'Rendering Failure'].includes(kind))
    return { ignored: `"${kind.slice(0, 60)}" of Amazon SES is no alert` };
  const people = [bounce.bouncedRecipients, part(message.complaint).complainedRecipients].flatMap(listOf);
  const person =
    textOf(part(people[0]).emailAddress) ?? textOf(listOf(part(message.mail).destination)[0]) ?? 'recipient';
  const why = firstText(
    part(listOf(bounce.bouncedRecipients)[0]).diagnosticCode,
    bounce.bounceSubType,
    part(message.complaint).complaintFeedbackType,
    part(message.reject).reason,
    part(message.failure).errorMessage,
  );
  return {
    action: 'trigger',
    severity: kind === 'Bounce' && !permanent ? 'info' : 'warning',
    key: ['ses', sender, kind, person],
    summary: `${kind} of mail from ${sender} to ${person}${why === undefined ? '' : `: ${why}`}`,
    component: sender,
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function objectNotice(record: Detail): OtherEvent | { ignored: string } | undefined {
  const name = textOf(record.eventName);
  if (name === undefined) return undefined;
  if (!/Failed/.test(name)) return { ignored: `"${name.slice(0, 100)}" is no alert` };
  const s3 = part(record.s3);
  const place = `${textOf(part(s3.bucket).name) ?? 'bucket'}/${textOf(part(s3.object).key) ?? ''}`;
  return {
    action: 'trigger',
    severity: 'warning',
    key: ['s3', name, place],
    summary: `${name} of ${place}`,
    component: textOf(part(s3.bucket).name),
  };
}
