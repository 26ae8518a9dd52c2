import { clip, dedupKey, firstText, labelText, linksFrom, sourceText, summaryText } from '@patchbay/plugin-sdk';
import type { EventPayload } from '@patchbay/plugin-sdk';
import { readArn } from './amazon-resource.ts';
import { jsonNotice } from './json-notices.ts';
import { part } from './reading.ts';
import type { Detail, Envelope, OtherEvent, Reading, Settings } from './reading.ts';
import { textNotice } from './text-notices.ts';

const DETAIL_CHARS = 20_000;

/** A message that is JSON and no alarm: what services write to a topic themselves, and what others publish. */
export function jsonReading(message: Detail, envelope: Envelope, settings: Settings): Reading {
  const notice = jsonNotice(message);
  if (notice !== undefined && 'ignored' in notice) return notice;
  if (settings.otherMessages === 'ignore') return { ignored: 'The message is no alarm' };
  // What is meant for chats (AWS Chatbot's own schema) has its words inside.
  const content = part(message.content);
  const text = firstText(
    message.message,
    message.Message,
    message.Description,
    message.description,
    message.title,
    message.summary,
    content.title,
    content.description,
  );
  const facts: OtherEvent = notice ?? {
    action: 'trigger',
    severity: 'info',
    // The id of a message is another one every time: what it is about is in its text.
    key: ['message', text ?? envelope.subject ?? JSON.stringify(message)],
    summary: firstText(text, envelope.subject) ?? 'A JSON message arrived on the topic',
  };
  return passedOn(envelope, facts, { message });
}

/** A message that is plain text. */
export function textReading(text: string, envelope: Envelope, settings: Settings): Reading {
  const notice = textNotice(text, envelope);
  if (settings.otherMessages === 'ignore') return { ignored: 'The message is plain text, no alarm' };
  if (notice !== undefined && 'ignored' in notice) return notice;
  const facts: OtherEvent = notice ?? {
    action: 'trigger',
    severity: 'info',
    // SNS repeats a delivery under the same message id; without an envelope only the text itself is left.
    key: ['message', envelope.messageId ?? text],
    summary: withFirstLine(envelope.subject, text),
  };
  return passedOn(envelope, facts, { message: clip(text, DETAIL_CHARS) });
}

/** A subject alone seldom says what happened. */
function withFirstLine(subject: string | undefined, text: string): string {
  const line = text.slice(0, DETAIL_CHARS).trimStart().split('\n', 1)[0]?.trim() ?? '';
  if (subject === undefined || line === '' || line.startsWith(subject)) return line === '' ? (subject ?? '') : line;
  return `${subject}: ${line}`;
}

function passedOn(envelope: Envelope, facts: OtherEvent, details: Detail): EventPayload {
  const topic = readArn(envelope.topicArn);
  const account = topic?.account ?? 'account';
  const region = topic?.region ?? 'region';
  const links = linksFrom([facts.link, 'AWS console']);
  const component = labelText(facts.component);
  return {
    event_action: facts.action,
    dedup_key: dedupKey('cloudwatch', account, region, ...facts.key),
    payload: {
      summary: summaryText(facts.summary),
      source: sourceText(topic === undefined ? 'AWS' : `${account}/${region}/${topic.resource}`),
      severity: facts.severity,
      ...(component !== undefined ? { component } : {}),
      ...(envelope.timestamp !== undefined ? { timestamp: envelope.timestamp.slice(0, 64) } : {}),
      class: 'sns message',
      custom_details: { subject: envelope.subject ?? null, ...details },
    },
    ...(links.length > 0 ? { links } : {}),
  };
}
