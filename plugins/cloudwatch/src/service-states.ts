import { firstText, textOf } from '@patchbay/plugin-sdk';
import type { EventBridgeEvent } from './eventbridge.schema.ts';
import type { Detail, OtherEvent } from './reading.ts';

const FAILED =
  /^(FAILED|FAILURE|FAULT|ERROR|TIMEOUT|TIMED_?OUT|ABORTED|EXPIRED|TERMINATED_WITH_ERRORS|NON_COMPLIANT|UNSUCCESSFUL)$/;
const WORSE = /^(WARN|WARNING)$/;
const SUCCEEDED =
  /^(SUCCEEDED|SUCCESS|SUCCESSFUL|COMPLETED|COMPLETED_SUCCESSFULLY|OK|RESUMED|COMPLIANT|(INITIAL_SCAN_)?COMPLETE)$/;
const UNDERWAY =
  /^(STARTED|START|STARTING|RUNNING|IN_?PROGRESS|PENDING|SUBMITTED|RUNNABLE|CREATED|QUEUED|STOPPING|WAITING|READY|PROVISIONING|DEPROVISIONING|ACTIVATING|DEACTIVATING|BOOTSTRAPPING)$/;
/** Kinds of events without a state that say by their name what is about to go wrong. */
const FOREBODES = /\b(Warning|Approaching Expiration|Expired|Failed|Failure|Unhealthy)\b/;
/** Ended by somebody, or overtaken by the next run: neither good nor bad news. */
const CALLED_OFF = /^(CANCELED|CANCELLED|SUPERSEDED|STOPPED|STOP|SKIPPED|TERMINATED)$/;

/** What a job, a pipeline, a service or a resource is called; no run of it is among the names. */
const NAMES = [
  'jobName',
  'pipeline',
  'project-name',
  'stateMachineArn',
  'jobDefinition',
  'AutoScalingGroupName',
  'application',
  'appId',
  'check-name',
  'configRuleName',
  'crawlerName',
  'backupVaultName',
  'SourceIdentifier',
  'document-name',
  'instance-id',
  'group',
  'clusterName',
  'clusterArn',
  'clusterId',
  'resourceArn',
  'resourceId',
  'repositoryName',
  'repository-name',
  'name',
];
/** What stands beside the name: the part of a pipeline, the group of a deployment. */
const PARTS = ['stage', 'action', 'deploymentGroup', 'branchName', 'resourceId', 'resourceArn'];

/** Jobs, pipelines and builds write a state word; what has none is passed on as information. */
export function stateEvent(event: EventBridgeEvent, detail: Detail): OtherEvent | { ignored: string } {
  const kind = event['detail-type'];
  const state = stateOf(kind, detail);
  // A machine that runs is no job that is on the way: it is back.
  const isBack = event.source === 'aws.ec2' && state === 'RUNNING';
  if (state !== undefined && UNDERWAY.test(state) && !isBack)
    return { ignored: `The state is "${state}": it is not finished` };
  if (state !== undefined && CALLED_OFF.test(state) && event.source !== 'aws.ec2')
    return { ignored: `The state is "${state}", which is neither good nor bad news` };
  const name = nameOf(event, detail);
  const what = `${kind}${name === '' ? '' : ` of ${shortened(name)}`}${state === undefined ? '' : `: ${state}`}`;
  const message = firstText(
    detail.message,
    detail.Message,
    detail.reason,
    detail.statusReason,
    detail.cause,
    detail.detailMessage,
  );
  return {
    action: isBack || (state !== undefined && SUCCEEDED.test(state)) ? 'resolve' : 'trigger',
    // Success and failure of an Auto Scaling group differ in the kind itself.
    key: [event.source ?? 'aws', kind.replace(/ (Uns|S)uccessful$/, ''), name],
    summary: message === undefined ? what : `${what}: ${message}`,
    severity:
      state !== undefined && FAILED.test(state)
        ? 'error'
        : WORSE.test(state ?? '') || (state === undefined && FOREBODES.test(kind))
          ? 'warning'
          : 'info',
    component: name,
  };
}

function stateOf(kind: string, detail: Detail): string | undefined {
  const ending = / (Unsuccessful|Successful)$/.exec(kind)?.[1];
  if (ending !== undefined) return ending.toUpperCase();
  const compliance = (detail.newEvaluationResult as Detail | null | undefined)?.complianceType;
  const sent = firstText(
    detail.state,
    detail.status,
    detail['build-status'],
    detail.jobState,
    detail.jobStatus,
    detail['scan-status'],
    compliance,
    detail.TrainingJobStatus,
  )?.toUpperCase();
  return sent ?? serviceState(detail);
}

/**
 * Events of ECS have a level in the place of a state, and the name says which news is good:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
function serviceState(detail: Detail): string | undefined {
  const level = textOf(detail.eventType)?.toUpperCase();
  if (level === 'ERROR' || level === 'WARN') return level;
  if (level === 'INFO') return /COMPLETED|STEADY_STATE/.test(textOf(detail.eventName) ?? '') ? 'OK' : 'IN_PROGRESS';
  if (level?.endsWith('_FAILED') === true) return 'FAILED';
  const task = textOf(detail.lastStatus)?.toUpperCase();
  if (task !== 'STOPPED') return task;
  return /TaskFailedToStart|EssentialContainerExited/.test(textOf(detail.stopCode) ?? '') ? 'FAILED' : task;
}

/** The last name of an ARN: what stands before it is the account's and the service's. */
const shortened = (name: string): string =>
  name.startsWith('arn:') ? (name.split(/[:/]/).findLast((part) => part !== '') ?? name) : name;

function nameOf(event: EventBridgeEvent, detail: Detail): string {
  const known = NAMES.find((name) => textOf(detail[name]) !== undefined);
  const resource = textOf(event.resources?.[0]);
  const isOfService = detail.eventType !== undefined && resource !== undefined;
  const name = isOfService ? resource : known === undefined ? resource : textOf(detail[known]);
  if (name === undefined) return textOf(event.resources?.[1]) ?? '';
  const parts = PARTS.filter((field) => field !== known).flatMap((field) => textOf(detail[field]) ?? []);
  return [name, ...parts].join('/');
}
