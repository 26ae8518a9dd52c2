import { dedupKey, firstText, labelText, linksFrom, sourceText, summaryText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload, Severity } from '@patchbay/plugin-sdk';
import { alarmEvent } from './alarm-event.ts';
import { alarmSchema } from './alarm.schema.ts';
import type { EventBridgeEvent } from './eventbridge.schema.ts';
import type { Parse, Reading, Settings } from './reading.ts';

type Detail = Record<string, unknown>;

const part = (value: unknown): Detail => (typeof value === 'object' && value !== null ? (value as Detail) : {});

/** Events of other AWS services that a rule of EventBridge sends to the same topic. */
export function eventBridgeReading(event: EventBridgeEvent, parse: Parse, settings: Settings): Reading {
  const detail = part(event.detail);
  if (event.source === 'aws.cloudwatch' && detail.alarmName !== undefined) return alarmChange(event, parse, settings);
  if (settings.otherMessages === 'ignore') return { ignored: `"${event['detail-type'].slice(0, 100)}" is no alarm` };
  switch (event.source) {
    case 'aws.health':
      return healthEvent(event, detail);
    case 'aws.guardduty':
      return guardDutyEvent(event, detail);
    default:
      return stateEvent(event, detail);
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
function alarmChange(event: EventBridgeEvent, parse: Parse, settings: Settings): Reading {
  const detail = part(event.detail);
  const state = part(detail.state);
  const alarm = {
    AlarmName: detail.alarmName,
    AlarmArn: event.resources?.[0] ?? null,
    AlarmDescription: textOf(part(detail.configuration).description) ?? null,
    AWSAccountId: event.account ?? null,
    Region: event.region ?? null,
    NewStateValue: state.value,
    NewStateReason: textOf(state.reason) ?? null,
    OldStateValue: textOf(part(detail.previousState).value) ?? null,
    StateChangeTime: textOf(state.timestamp) ?? event.time ?? null,
  };
  return alarmEvent(parse(alarmSchema, alarm), settings);
}

/** https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html */
function healthEvent(event: EventBridgeEvent, detail: Detail): Reading {
  const description = part(Array.isArray(detail.eventDescription) ? detail.eventDescription[0] : undefined);
  const category = textOf(detail.eventTypeCategory);
  const severity: Severity =
    category === 'issue'
      ? 'error'
      : category === 'scheduledChange' || category === 'investigation'
        ? 'warning'
        : 'info';
  const service = textOf(detail.service) ?? 'AWS';
  return otherEvent(event, {
    // An end that is planned is no end: only the status code closes.
    action: detail.statusCode === 'closed' ? 'resolve' : 'trigger',
    key: ['health', textOf(detail.eventArn) ?? `${service}-${textOf(detail.eventTypeCode) ?? ''}`],
    summary: `AWS Health, ${service}: ${firstText(description.latestDescription, detail.eventTypeCode) ?? category ?? 'event'}`,
    severity,
    component: service,
    link: 'https://health.aws.amazon.com/health/home',
  });
}

/** https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html */
function guardDutyEvent(event: EventBridgeEvent, detail: Detail): Reading {
  const level = Number(detail.severity);
  const severity: Severity = level >= 9 ? 'critical' : level >= 7 ? 'error' : level >= 4 ? 'warning' : 'info';
  const archived = part(detail.service).archived === true;
  return otherEvent(event, {
    action: archived ? 'resolve' : 'trigger',
    key: ['guardduty', textOf(detail.id) ?? textOf(detail.type) ?? 'finding'],
    summary: `GuardDuty: ${firstText(detail.title, detail.description, detail.type) ?? 'finding'}`,
    severity,
    component: textOf(detail.type),
  });
}

const FAILED = new Set(['FAILED', 'FAULT', 'ERROR', 'TIMEOUT', 'TIMED_OUT', 'ABORTED', 'EXPIRED']);
const SUCCEEDED = new Set(['SUCCEEDED', 'SUCCESS', 'COMPLETED', 'OK', 'RESUMED']);
const UNDERWAY = /^(STARTED|STARTING|RUNNING|IN_PROGRESS|PENDING|SUBMITTED|RUNNABLE|CREATED|QUEUED|STOPPING|WAITING)$/;

/** Jobs, pipelines and builds write a state word; what has none is passed on as information. */
function stateEvent(event: EventBridgeEvent, detail: Detail): Reading {
  const state = firstText(detail.state, detail.status, detail['build-status'], detail.jobState)?.toUpperCase();
  if (state !== undefined && UNDERWAY.test(state)) return { ignored: `The state is "${state}": it is not finished` };
  const failed = state !== undefined && FAILED.has(state);
  const name =
    firstText(
      detail.jobName,
      detail.pipeline,
      detail['project-name'],
      detail.stateMachineArn,
      detail.jobDefinition,
      detail.name,
      event.resources?.[0],
    ) ?? '';
  const what = `${event['detail-type']}${name === '' ? '' : ` of ${name}`}${state === undefined ? '' : `: ${state}`}`;
  const message = firstText(detail.message, detail.reason, detail.statusReason, detail.cause);
  return otherEvent(event, {
    action: state !== undefined && SUCCEEDED.has(state) ? 'resolve' : 'trigger',
    key: [event.source, event['detail-type'], name],
    summary: message === undefined ? what : `${what}: ${message}`,
    severity: failed ? 'error' : 'info',
    component: name,
  });
}

interface OtherEvent {
  action: EventAction;
  key: string[];
  summary: string;
  severity: Severity;
  component?: string | undefined;
  link?: string;
}

function otherEvent(event: EventBridgeEvent, facts: OtherEvent): EventPayload {
  const account = textOf(event.account) ?? 'account';
  const region = textOf(event.region) ?? 'region';
  const component = labelText(facts.component);
  const kind = labelText(event['detail-type']);
  const timestamp = textOf(event.time)?.slice(0, 64);
  return {
    event_action: facts.action,
    dedup_key: dedupKey('cloudwatch', account, region, ...facts.key),
    payload: {
      summary: summaryText(facts.summary),
      source: sourceText(`${account}/${region}`),
      severity: facts.severity,
      ...(component !== undefined ? { component } : {}),
      group: labelText(event.source) ?? 'aws',
      ...(kind !== undefined ? { class: kind } : {}),
      ...(timestamp !== undefined ? { timestamp } : {}),
      custom_details: { resources: event.resources ?? [], detail: event.detail ?? null },
    },
    ...(facts.link !== undefined ? { links: linksFrom([facts.link, 'AWS Health']) } : {}),
  };
}
