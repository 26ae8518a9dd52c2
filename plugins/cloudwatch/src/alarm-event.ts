import { dedupKey, labelText, linksFrom, sourceText, summaryText, textOf } from '@patchbay/plugin-sdk';
import type { Severity } from '@patchbay/plugin-sdk';
import type { AlarmMessage } from './alarm.schema.ts';
import { alarmConsoleUrl, readArn } from './amazon-resource.ts';
import type { Reading, Settings } from './reading.ts';

/** The event of a change of an alarm's state. Too little data says neither that it works nor that it is broken. */
export function alarmEvent(alarm: AlarmMessage, settings: Settings): Reading {
  const name = String(alarm.AlarmName);
  const state = alarm.NewStateValue;
  if (state === 'INSUFFICIENT_DATA' && settings.insufficientData === 'ignore')
    return { ignored: `Alarm "${name.slice(0, 200)}" has too little data, which neither opens nor resolves` };
  const arn = readArn(alarm.AlarmArn);
  const account = arn?.account ?? textOf(alarm.AWSAccountId) ?? 'account';
  const region = arn?.region ?? textOf(alarm.Region) ?? 'region';
  const trigger = alarm.Trigger ?? {};
  const dimensions = dimensionsOf(alarm);
  const component = labelText(dimensions.map((pair) => pair.join('=')).join(', '));
  const group = labelText(trigger.Namespace);
  const kind = labelText(trigger.MetricName, trigger.Metrics === undefined ? undefined : 'metric math');
  const timestamp = textOf(alarm.StateChangeTime)?.slice(0, 64);
  const links = linksFrom([alarmConsoleUrl(arn, name), 'Alarm in the AWS console']);
  const reason = textOf(alarm.NewStateReason) ?? textOf(alarm.AlarmDescription);
  return {
    event_action: state === 'OK' ? 'resolve' : 'trigger',
    dedup_key: dedupKey('cloudwatch', account, region, arn?.resource.replace(/^alarm:/, '') ?? name),
    payload: {
      summary: summaryText(reason === undefined ? name : `${name}: ${reason}`),
      source: sourceText(`${account}/${region}`),
      severity: alarmSeverity(alarm, settings),
      ...(component !== undefined ? { component } : {}),
      ...(group !== undefined ? { group } : {}),
      ...(kind !== undefined ? { class: kind } : {}),
      ...(timestamp !== undefined ? { timestamp } : {}),
      custom_details: {
        description: alarm.AlarmDescription ?? null,
        reason: alarm.NewStateReason ?? null,
        state,
        previousState: alarm.OldStateValue ?? null,
        dimensions: Object.fromEntries(dimensions),
        threshold: trigger.Threshold ?? null,
        comparison: trigger.ComparisonOperator ?? null,
        periodSeconds: trigger.Period ?? null,
      },
    },
    ...(links.length > 0 ? { links } : {}),
  };
}

function alarmSeverity(alarm: AlarmMessage, settings: Settings): Severity {
  switch (alarm.NewStateValue) {
    case 'ALARM':
      return settings.alarmSeverity(String(alarm.AlarmName));
    case 'INSUFFICIENT_DATA':
      return 'warning';
    case 'OK':
      return 'info';
  }
}

function dimensionsOf(alarm: AlarmMessage): [name: string, value: string][] {
  return (alarm.Trigger?.Dimensions ?? []).slice(0, 30).flatMap((dimension): [string, string][] => {
    const name = textOf(dimension.name ?? dimension.Name);
    const value = textOf(dimension.value ?? dimension.Value);
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
}
