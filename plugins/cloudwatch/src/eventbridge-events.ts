import { dedupKey, firstText, labelText, linksFrom, sourceText, summaryText, textOf } from '@patchbay/plugin-sdk';
import type { EventPayload, Severity } from '@patchbay/plugin-sdk';
import { alarmEvent } from './alarm-event.ts';
import { alarmSchema } from './alarm.schema.ts';
import { eventBridgeSchema } from './eventbridge.schema.ts';
import type { EventBridgeEvent } from './eventbridge.schema.ts';
import { guardDutyFinding, otherFinding, securityHubFindings } from './findings.ts';
import { costNotice, insightNotice } from './json-notices.ts';
import { part } from './reading.ts';
import type { Detail, OtherEvent, Parse, Reading, Settings } from './reading.ts';
import { stateEvent } from './service-states.ts';

/** Events of other AWS services that a rule of EventBridge sends to the same topic. */
export function eventBridgeReadings(event: EventBridgeEvent, parse: Parse, settings: Settings): Reading[] {
  const detail = part(event.detail);
  if (event.source === 'aws.cloudwatch' && detail.alarmName !== undefined) return [alarmChange(event, parse, settings)];
  if (settings.otherMessages === 'ignore') return [{ ignored: `"${event['detail-type'].slice(0, 100)}" is no alarm` }];
  return factsOf(event, detail).map((facts) => ('ignored' in facts ? facts : otherEvent(event, facts)));
}

function factsOf(event: EventBridgeEvent, detail: Detail): (OtherEvent | { ignored: string })[] {
  if (event.source === 'aws.health' || event['detail-type'].startsWith('AWS Health ')) return [healthEvent(detail)];
  if (event.source === 'aws.guardduty' || event['detail-type'].startsWith('GuardDuty '))
    return [guardDutyFinding(detail)];
  if (Array.isArray(detail.findings)) return securityHubFindings(detail);
  if (event['detail-type'].endsWith(' Finding')) return [otherFinding(detail)];
  if (textOf(detail.insightId) !== undefined) return [insightNotice(detail)];
  if (textOf(detail.anomalyId) !== undefined) return [costNotice(detail)];
  return [stateEvent(event, detail)];
}

/** What an alarm hands to a Lambda function that it calls itself, which some functions pass on as it is. */
export const isLambdaAlarm = (message: Detail): boolean => 'alarmArn' in message && 'alarmData' in message;

/** The same change as EventBridge writes it. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
export function lambdaAlarm(message: Detail, parse: Parse, settings: Settings): Reading {
  const event = {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    account: textOf(message.accountId),
    region: textOf(message.region),
    time: textOf(message.time),
    resources: [textOf(message.alarmArn)],
    detail: part(message.alarmData),
  };
  return alarmChange(parse(eventBridgeSchema, event), parse, settings);
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
function healthEvent(detail: Detail): OtherEvent {
  const description = part(Array.isArray(detail.eventDescription) ? detail.eventDescription[0] : undefined);
  const category = textOf(detail.eventTypeCategory);
  const severity: Severity =
    category === 'issue'
      ? 'error'
      : category === 'scheduledChange' || category === 'investigation'
        ? 'warning'
        : 'info';
  const service = textOf(detail.service) ?? 'AWS';
  return {
    // An end that is planned is no end: only the status code closes.
    action: detail.statusCode === 'closed' ? 'resolve' : 'trigger',
    key: ['health', textOf(detail.eventArn) ?? `${service}-${textOf(detail.eventTypeCode) ?? ''}`],
    summary: `AWS Health, ${service}: ${firstText(description.latestDescription, detail.eventTypeCode) ?? category ?? 'event'}`,
    severity,
    component: service,
    link: 'https://health.aws.amazon.com/health/home',
  };
}

function otherEvent(event: EventBridgeEvent, facts: OtherEvent): EventPayload {
  const account = firstText(event.account, part(event.detail).accountId) ?? 'account';
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
