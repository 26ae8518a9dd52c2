import { textOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';
import type { Envelope, OtherEvent } from './reading.ts';

/** Texts that AWS services write for people, and that say what happened all the same. */
export function textNotice(text: string, envelope: Envelope): OtherEvent | { ignored: string } | undefined {
  return stackNotice(text) ?? backupNotice(text) ?? budgetNotice(text, envelope) ?? beanstalkNotice(text);
}

/** CloudFormation writes lines of `Name='value'`; a value may run over several lines. */
function readStackEvent(text: string): Record<string, string> | undefined {
  if (!text.startsWith("StackId='")) return undefined;
  const fields: Record<string, string> = {};
  for (const [, name, value] of text.slice(0, 262_144).matchAll(/^([A-Za-z]{1,40})='([^']*)'/gm))
    if (name !== undefined && !Object.hasOwn(fields, name)) fields[name] = value ?? '';
  return fields.ResourceStatus === undefined ? undefined : fields;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
function stackNotice(text: string): OtherEvent | { ignored: string } | undefined {
  const stack = readStackEvent(text);
  if (stack === undefined) return undefined;
  const status = stack.ResourceStatus ?? '';
  const failed = /FAILED|ROLLBACK_COMPLETE|ROLLBACK_IN_PROGRESS/.test(status);
  if (!failed && !status.endsWith('_COMPLETE')) return { ignored: `CloudFormation is at ${status.slice(0, 60)}` };
  const resource = stack.LogicalResourceId ?? stack.StackName ?? 'resource';
  const reason = textOf(stack.ResourceStatusReason);
  const what = `CloudFormation stack ${stack.StackName ?? ''}, ${resource}: ${status}`;
  return {
    action: failed ? 'trigger' : 'resolve',
    severity: failed ? 'error' : 'info',
    key: ['cloudformation', stack.StackId ?? '', resource],
    summary: reason === undefined ? what : `${what} (${reason})`,
    component: stack.ResourceType,
  };
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html */
function backupNotice(text: string): OtherEvent | { ignored: string } | undefined {
  const found =
    /^An AWS Backup ((?:\w{1,20} )?job) (?:was |has )?(completed|failed|expired|aborted|started|created)\b/i.exec(text);
  if (found === null) return undefined;
  const [, kind = '', end = ''] = found;
  const word = end.toLowerCase();
  if (word === 'started' || word === 'created') return { ignored: 'The job of AWS Backup is not finished' };
  return backedUp(text, kind, word === 'completed');
}

function backedUp(text: string, kind: string, isGood: boolean): OtherEvent {
  const resource = /Resource ARN ?: ?(arn:\S{1,500})/.exec(text)?.[1]?.replace(/\.$/, '') ?? kind;
  return {
    action: isGood ? 'resolve' : 'trigger',
    severity: isGood ? 'info' : 'error',
    key: ['backup', resource],
    summary: text,
    component: resource,
  };
}

/** https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html */
function budgetNotice(text: string, envelope: Envelope): OtherEvent | undefined {
  if (!/^AWS Budget Notification\b/i.test(text) && !/^AWS Budgets: /i.test(envelope.subject ?? '')) return undefined;
  const line = (name: string) => new RegExp(`^${name}: *(.{1,200})$`, 'im').exec(text)?.[1]?.trim();
  const budget = line('Budget Name') ?? /^AWS Budgets: (.{1,100}?) has exceeded/i.exec(envelope.subject ?? '')?.[1];
  if (budget === undefined) return undefined;
  const kind = line('Alert Type') ?? 'ACTUAL';
  const limit = line('Alert Threshold') ?? line('Budgeted Amount');
  const amount = line(`${kind} Amount`);
  return {
    action: 'trigger',
    severity: 'warning',
    key: ['budget', budget, kind],
    summary:
      `Budget ${budget}: ${kind.toLowerCase()} amount ${amount ?? ''} passed the threshold ${limit ?? ''}`.trim(),
    component: budget,
  };
}

/** Healths of an environment; what it has while it changes, Info, Pending and Unknown, is neither good nor bad. */
const HEALTHS: Record<string, Severity> = { ok: 'info', warning: 'warning', degraded: 'error', severe: 'critical' };

/** https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.managing.sns.html */
function beanstalkNotice(text: string): OtherEvent | { ignored: string } | undefined {
  const found =
    /^Message: (.{0,300}?\bhealth has (?:transitioned|changed) from (\w{1,20}) to (\w{1,20}).{0,600})$/im.exec(text);
  const environment = /^Environment: (.{1,100})$/m.exec(text)?.[1]?.trim();
  if (found === null || environment === undefined) return undefined;
  const [, message = '', , health = ''] = found;
  const word = health.toLowerCase();
  const severity = Object.hasOwn(HEALTHS, word) ? HEALTHS[word] : undefined;
  if (severity === undefined) return { ignored: `The health of ${environment} is ${health}` };
  const application = /^Application: (.{1,100})$/m.exec(text)?.[1]?.trim() ?? '';
  return {
    action: word === 'ok' ? 'resolve' : 'trigger',
    severity,
    key: ['beanstalk', application, environment],
    summary: `Elastic Beanstalk, ${environment}: ${message}`,
    component: environment,
  };
}
