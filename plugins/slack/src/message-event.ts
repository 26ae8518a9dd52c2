import { dedupKey, detailsOf, eventOf, firstText, severityOf, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import type { EventCallback } from './slack.schema.ts';

type Fields = Record<string, unknown>;

const part = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** What the app subscribed to. Slack knows no alerts, so the subscription and the settings are the rule. */
export function messageEvent(callback: EventCallback, configuration: Fields): Reading {
  const { type } = callback.event;
  const event: Fields = callback.event;
  if (configuration.events === 'ignore') return { ignored: 'Events of Slack are left out by the settings' };
  const wanted: unknown[] = Array.isArray(configuration.eventTypes) ? configuration.eventTypes : [];
  if (wanted.length > 0 && !wanted.includes(type))
    return { ignored: `"${type.slice(0, 60)}" is not among the types of the settings` };
  // An app that posts alerts would otherwise open an incident for each of its own messages.
  if (textOf(event.bot_id) !== undefined) return { ignored: 'The message was posted by an app' };
  if (event.subtype === 'message_changed' || event.subtype === 'message_deleted')
    return { ignored: 'A message that was edited or deleted is no new problem' };
  const team = firstText(callback.team_id, callback.enterprise_id) ?? 'team';
  const channel = firstText(event.channel, part(event.channel).id, part(event.item).channel, event.channel_id);
  const text = textOf(event.text);
  const words = type.replace(/_/g, ' ');
  return eventOf({
    action: 'trigger',
    key: dedupKey('slack', team, type, channel ?? 'team', subjectOf(event) ?? 'event'),
    summary: [text === undefined ? `Slack: ${words}` : `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${text}`],
    source: [channel, team, 'Slack'],
    severity: severityOf(configuration.eventSeverity) ?? 'info',
    kind: type,
    component: channel,
    group: team,
    timestamp: firstText(callback.event_time),
    links: [[pageOf(team, channel), 'Slack']],
    details: { type, user: firstText(event.user, part(event.user).id) ?? null, event: detailsOf(withoutTokens(event)) },
  });
}

/** A thread is one problem, and so is what happens to one user, file or team; a delivery's id is none of them. */
function subjectOf(event: Fields): string | undefined {
  return firstText(
    event.thread_ts,
    event.ts,
    part(event.item).ts,
    part(event.user).id,
    event.user,
    event.user_id,
    event.file_id,
    event.subteam_id,
  );
}

/** `tokens_revoked` lists tokens, and blocks repeat the text. */
function withoutTokens(event: Fields): Fields {
  const { tokens: _tokens, blocks: _blocks, attachments: _attachments, ...rest } = event;
  return rest;
}

function pageOf(team: string, channel: string | undefined): string | undefined {
  const ids = channel !== undefined && /^\w{1,40}$/.test(team) && /^\w{1,40}$/.test(channel);
  return ids ? `https://app.slack.com/client/${team}/${channel}` : undefined;
}
