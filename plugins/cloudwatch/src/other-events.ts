import { clip, dedupKey, firstText, linksFrom, sourceText, summaryText, textOf } from '@patchbay/plugin-sdk';
import type { EventAction, EventPayload, Severity } from '@patchbay/plugin-sdk';
import { readArn } from './amazon-resource.ts';
import type { Envelope, Reading, Settings } from './reading.ts';

const DETAIL_CHARS = 20_000;

/** A message that is JSON and no alarm: RDS and DMS event subscriptions, S3's test, and what others publish. */
export function jsonReading(message: Record<string, unknown>, envelope: Envelope, settings: Settings): Reading {
  if (message.Event === 's3:TestEvent') return { ignored: "Amazon S3's test event arrived" };
  if (settings.otherMessages === 'ignore') return { ignored: 'The message is no alarm' };
  const text = firstText(
    message['Event Message'],
    message.message,
    message.Message,
    message.Description,
    message.description,
  );
  const origin = firstText(message['Source ID'], message.SourceId, message['Event Source']);
  const code = textOf(message['Event ID'])?.split('#').pop();
  return passedOn(envelope, {
    key: origin !== undefined && code !== undefined ? [origin, code] : messageKey(envelope, JSON.stringify(message)),
    summary: [
      origin !== undefined && text !== undefined ? `${origin}: ${text}` : text,
      envelope.subject,
      'A JSON message arrived on the topic',
    ],
    details: { message },
    link: message['Identifier Link'],
  });
}

/** A message that is plain text. */
export function textReading(text: string, envelope: Envelope, settings: Settings): Reading {
  const stack = readStackEvent(text);
  if (stack !== undefined) return stackReading(stack, envelope, settings);
  if (settings.otherMessages === 'ignore') return { ignored: 'The message is plain text, no alarm' };
  return passedOn(envelope, {
    key: messageKey(envelope, text),
    summary: [envelope.subject, text],
    details: { message: clip(text, DETAIL_CHARS) },
  });
}

/** SNS repeats a delivery under the same message id; without an envelope only the text itself is left. */
function messageKey(envelope: Envelope, text: string): string[] {
  return envelope.messageId === undefined ? ['message', text] : ['message', envelope.messageId];
}

type StackEvent = Record<string, string>;

/** CloudFormation writes lines of `Name='value'`; a value may run over several lines. */
function readStackEvent(text: string): StackEvent | undefined {
  if (!text.startsWith("StackId='")) return undefined;
  const fields: StackEvent = {};
  for (const [, name, value] of text.slice(0, 262_144).matchAll(/^([A-Za-z]{1,40})='([^']*)'/gm))
    if (name !== undefined && !Object.hasOwn(fields, name)) fields[name] = value ?? '';
  return fields.ResourceStatus === undefined ? undefined : fields;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
function stackReading(stack: StackEvent, envelope: Envelope, settings: Settings): Reading {
  const status = stack.ResourceStatus ?? '';
  if (settings.otherMessages === 'ignore') return { ignored: 'CloudFormation events are switched off in the settings' };
  const failed = /FAILED|ROLLBACK_COMPLETE|ROLLBACK_IN_PROGRESS/.test(status);
  if (!failed && !status.endsWith('_COMPLETE')) return { ignored: `CloudFormation is at ${status.slice(0, 60)}` };
  const resource = stack.LogicalResourceId ?? stack.StackName ?? 'resource';
  const reason = textOf(stack.ResourceStatusReason);
  const what = `CloudFormation stack ${stack.StackName ?? ''}, ${resource}: ${status}`;
  return passedOn(envelope, {
    action: failed ? 'trigger' : 'resolve',
    severity: failed ? 'error' : 'info',
    key: ['cloudformation', stack.StackId ?? '', resource],
    summary: [reason === undefined ? what : `${what} (${reason})`],
    details: { status, type: stack.ResourceType ?? null, physicalId: stack.PhysicalResourceId ?? null },
  });
}

interface PassedOn {
  action?: EventAction;
  severity?: Severity;
  key: string[];
  summary: unknown[];
  details: Record<string, unknown>;
  link?: unknown;
}

function passedOn(envelope: Envelope, facts: PassedOn): EventPayload {
  const topic = readArn(envelope.topicArn);
  const account = topic?.account ?? 'account';
  const region = topic?.region ?? 'region';
  const links = linksFrom([facts.link, 'AWS console']);
  return {
    event_action: facts.action ?? 'trigger',
    dedup_key: dedupKey('cloudwatch', account, region, ...facts.key),
    payload: {
      summary: summaryText(...facts.summary),
      source: sourceText(topic === undefined ? 'AWS' : `${account}/${region}/${topic.resource}`),
      severity: facts.severity ?? 'info',
      ...(envelope.timestamp !== undefined ? { timestamp: envelope.timestamp.slice(0, 64) } : {}),
      class: 'sns message',
      custom_details: { subject: envelope.subject ?? null, ...facts.details },
    },
    ...(links.length > 0 ? { links } : {}),
  };
}
