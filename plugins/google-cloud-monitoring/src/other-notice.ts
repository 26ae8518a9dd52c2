import { dedupKey, detailsOf, eventOf, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';

type Fields = Record<string, unknown>;

/** True for what else comes over Pub/Sub from Google Cloud and is no incident of Monitoring. */
export function isOther(message: unknown): message is Fields {
  if (typeof message !== 'object' || message === null || 'incident' in message) return false;
  return (
    'budgetDisplayName' in message ||
    ('costAmount' in message && 'budgetAmount' in message) ||
    isBuild(message) ||
    isErrorGroup(message)
  );
}

const isBuild = (message: object): boolean => 'buildTriggerId' in message || 'logsBucket' in message;

const isErrorGroup = (message: object): boolean => 'group_info' in message && 'exception_info' in message;

/** What a notice says, or that it says nothing. */
export function otherNotice(message: Fields): Reading {
  if (isErrorGroup(message)) return errorNotice(message);
  return isBuild(message) ? buildNotice(message) : budgetNotice(message);
}

/**
 * https://cloud.google.com/billing/docs/how-to/budgets-programmatic-notifications: the state of a budget comes several
 * times a day, and only a threshold in it says that one was passed.
 */
function budgetNotice(message: Fields): Reading {
  const name = textOf(message.budgetDisplayName) ?? 'budget';
  const share = Number(message.alertThresholdExceeded ?? message.forecastThresholdExceeded);
  if (!Number.isFinite(share)) return { ignored: `The budget "${name.slice(0, 100)}" has passed no threshold` };
  const forecast = message.alertThresholdExceeded === undefined;
  const currency = textOf(message.currencyCode) ?? '';
  const amounts = `${textOf(message.costAmount) ?? '?'} of ${textOf(message.budgetAmount) ?? '?'} ${currency}`.trim();
  return eventOf({
    action: 'trigger',
    // A month begins again at nothing: what was passed in the last one is another problem.
    key: dedupKey('google-cloud-monitoring', 'budget', name, textOf(message.costIntervalStart)?.slice(0, 10) ?? ''),
    summary: [`Budget ${name} passed ${Math.round(share * 100)} %${forecast ? ' by forecast' : ''}: ${amounts}`],
    source: ['Google Cloud billing'],
    severity: !forecast && share >= 1 ? 'error' : 'warning',
    kind: 'budget',
    component: name,
    links: [],
    details: detailsOf(message),
  });
}

const FAILED = new Set(['FAILURE', 'INTERNAL_ERROR', 'TIMEOUT', 'EXPIRED']);

/** https://cloud.google.com/build/docs/subscribe-build-notifications */
function buildNotice(message: Fields): Reading {
  const status = textOf(message.status)?.toUpperCase() ?? 'unknown';
  if (status !== 'SUCCESS' && !FAILED.has(status)) return { ignored: `The build is at ${status.slice(0, 60)}` };
  const values = Object(message.substitutions) as Fields;
  const trigger = textOf(values.TRIGGER_NAME) ?? textOf(message.buildTriggerId) ?? textOf(values.REPO_NAME) ?? 'build';
  const branch = textOf(values.BRANCH_NAME);
  const project = textOf(message.projectId) ?? 'project';
  return eventOf({
    action: status === 'SUCCESS' ? 'resolve' : 'trigger',
    key: dedupKey('google-cloud-monitoring', project, 'build', trigger, ...(branch === undefined ? [] : [branch])),
    summary: [`Build ${trigger}${branch === undefined ? '' : ` on ${branch}`}: ${status}`],
    source: [project, 'Google Cloud Build'],
    severity: status === 'SUCCESS' ? 'info' : 'error',
    kind: 'build',
    component: trigger,
    group: project,
    timestamp: message.finishTime,
    links: [[message.logUrl, 'Log']],
    details: { status, branch: branch ?? null },
  });
}

/** https://cloud.google.com/error-reporting/docs/notifications: a group of errors that is new or has come back. */
function errorNotice(message: Fields): Reading {
  const group = Object(message.group_info) as Fields;
  const exception = Object(message.exception_info) as Fields;
  const project = textOf(group.project_id) ?? 'project';
  const link = textOf(group.detail_link);
  const what = textOf(exception.message) ?? textOf(exception.type) ?? textOf(message.subject) ?? 'error';
  const id = /\/errors?\/([\w-]{1,64})/.exec(link ?? '')?.[1] ?? textOf(exception.type) ?? what;
  return eventOf({
    action: 'trigger',
    key: dedupKey('google-cloud-monitoring', project, 'error', id),
    summary: [message.subject, what],
    source: [project, 'Google Cloud'],
    severity: 'error',
    kind: 'error group',
    component: exception.type,
    group: project,
    links: [[link, 'Errors']],
    details: detailsOf(message),
  });
}
