import { dedupKey, detailsOf, eventOf, textOf } from '@patchbay/plugin-sdk';
import type { EventPayload, Severity } from '@patchbay/plugin-sdk';
import { colourSeverity } from './colour.ts';

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectsOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.slice(0, 50).filter(isObject) : []);

/** What a message for a chat says. */
interface Said {
  title: string | undefined;
  text: string | undefined;
  colour: unknown;
  link: unknown;
}

const FORMATS = [messageCard, adaptiveCard, slack, discord];

/** Words in brackets before a title that say how it stands: `[FIRING:2] CPU`, `[RESOLVED] CPU`. */
const MARK =
  /^\s*(?:\[\s*([a-z_ ]{2,20})[^\]]{0,80}\]|:[a-z0-9_+-]{1,40}:|\p{Extended_Pictographic}\uFE0F?)\s*[-:]?\s*/iu;
const OVER = new Set(['resolved', 'recovered', 'ok', 'closed']);
const MARKS = 5;

/**
 * The event of a message in the format of Slack (Mattermost and Rocket.Chat, too), Microsoft Teams or Discord, which tools
 * can send that know nothing else. What it is about is its title without the marks; it is over when a mark says so, or
 * when it is green. Undefined for every other message.
 */
export function chatEvent(message: unknown, severity: (word: unknown) => Severity): EventPayload | undefined {
  if (!isObject(message)) return undefined;
  const said = FORMATS.map((format) => format(message)).find((found) => found !== undefined);
  const head = said === undefined ? undefined : plain(said.title ?? said.text?.trim().split('\n', 1)[0]);
  if (said === undefined || head === undefined) return undefined;
  const { name, marks } = withoutMarks(head);
  const tone = colourSeverity(said.colour);
  const isOver = marks.some((mark) => OVER.has(mark)) || (marks.length === 0 && tone === 'good');
  const text = plain(said.text?.trim().split('\n', 1)[0]);
  return eventOf({
    action: isOver ? 'resolve' : 'trigger',
    key: dedupKey('webhook', 'chat', name),
    summary: [text === undefined || text.includes(name) || name.includes(text) ? name : `${name}: ${text}`],
    source: ['webhook'],
    severity: severity(tone === undefined || tone === 'good' ? 'info' : tone),
    kind: 'chat message',
    links: [[said.link, 'Details']],
    details: detailsOf(message),
  });
}

function withoutMarks(title: string): { name: string; marks: string[] } {
  let name = title;
  const marks: string[] = [];
  for (let count = 0; count < MARKS; count += 1) {
    const found = MARK.exec(name);
    if (found === null || found[0].length === name.length) break;
    if (found[1] !== undefined) marks.push(found[1].trim().toLowerCase());
    name = name.slice(found[0].length);
  }
  return { name, marks };
}

/** Text without Slack's links and emphasis: `<https://…|Open>` is `Open`. */
function plain(text: string | undefined): string | undefined {
  const bare = text
    ?.slice(0, 2000)
    .replace(/<[^<>|]{1,1000}\|([^<>]{1,500})>/g, '$1')
    .replace(/[*`]/g, '');
  return textOf(bare)?.trim();
}

function messageCard(message: Fields): Said | undefined {
  if ((message['@type'] ?? message.type) !== 'MessageCard') return undefined;
  const section = objectsOf(message.sections)[0];
  const action = objectsOf(message.potentialAction)[0];
  return {
    title: textOf(message.title) ?? textOf(section?.activityTitle) ?? textOf(message.summary),
    text: textOf(message.text) ?? textOf(section?.text) ?? textOf(section?.activitySubtitle),
    colour: message.themeColor,
    link: objectsOf(action?.targets)[0]?.uri,
  };
}

function adaptiveCard(message: Fields): Said | undefined {
  const card = [message, ...objectsOf(message.attachments).map(({ content }) => content)]
    .filter(isObject)
    .find(({ type }) => type === 'AdaptiveCard');
  if (card === undefined) return undefined;
  const blocks = objectsOf(card.body).filter((block) => textOf(block.text) !== undefined);
  const tones: Record<string, string> = { attention: 'danger', warning: 'warning', good: 'good' };
  return {
    title: textOf(blocks[0]?.text),
    text: textOf(blocks[1]?.text),
    colour: tones[textOf(blocks[0]?.color)?.toLowerCase() ?? ''],
    link: objectsOf(card.actions)[0]?.url,
  };
}

/** Fields of a message to Slack; a message with others is one of somebody's own. */
const SLACK =
  /^(text|channel|username|icon_emoji|icon_url|mrkdwn|link_names|parse|thread_ts|attachments|blocks|unfurl_links|unfurl_media|response_type|as_user)$/;

function slack(message: Fields): Said | undefined {
  if (!Object.keys(message).every((name) => SLACK.test(name))) return undefined;
  const first = objectsOf(message.attachments)[0];
  const blocks = [...objectsOf(message.blocks), ...objectsOf(first?.blocks)].flatMap(
    ({ text }) => textOf(isObject(text) ? text.text : text) ?? [],
  );
  const title = textOf(first?.title) ?? textOf(message.text) ?? blocks[0] ?? textOf(first?.fallback);
  return {
    title,
    text: textOf(first?.text) ?? (title === blocks[0] ? blocks[1] : blocks[0]),
    colour: first?.color,
    link: first?.title_link,
  };
}

const DISCORD = /^(content|embeds|username|avatar_url|tts|allowed_mentions|flags|thread_name|components)$/;

function discord(message: Fields): Said | undefined {
  if (!Object.keys(message).every((name) => DISCORD.test(name))) return undefined;
  const embed = objectsOf(message.embeds)[0];
  return {
    title: textOf(embed?.title) ?? textOf(message.content),
    text: textOf(embed?.description),
    colour: embed?.color,
    link: embed?.url,
  };
}
