import { looseFields, textOf } from '@patchbay/plugin-sdk';
import type { Reading } from '@patchbay/plugin-sdk';
import { jobEvent } from './job-event.ts';
import type { Settings } from './job-event.ts';

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectsOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.slice(0, 50).filter(isObject) : []);

/** What the plugins for chats call a result; "Back to Normal" and "Still Failing" look back at the build before. */
const RESULTS: [word: RegExp, result: string][] = [
  [/^(build )?(success(ful)?|back to normal|fixed)$/i, 'SUCCESS'],
  [/^(build )?(failed|failure|repeated failure|still failing|regression)$/i, 'FAILURE'],
  [/^(build )?(still )?unstable$/i, 'UNSTABLE'],
];
const resultOf = (word: string): string => RESULTS.find(([known]) => known.test(word.trim()))?.[1] ?? word.trim();

/** `shop » main: Build #5 Failed`, the summary of a card. */
const CARD = /^(.{1,300}): Build (\S{1,100}) /;
/** `shop » main - #5 Still Failing after 3 sec (<https://…|Open>)`, the text of the plugin for Slack. */
const LINE =
  /^(.{1,300}?) - #?(\d{1,12}) (started|success|failure|still failing|regression|unstable|still unstable|aborted|not built|back to normal)\b/i;

/**
 * A message of the plugins Office 365 Connector (a message card, or an adaptive card) and Slack Notification, which are
 * made for chats; undefined for every other message.
 */
export function chatMessage(message: unknown, settings: Settings): Reading | undefined {
  if (!isObject(message)) return undefined;
  return cardEvent(message, settings) ?? lineEvent(message, settings);
}

function cardEvent(message: Fields, settings: Settings): Reading | undefined {
  const adaptive = objectsOf(message.attachments)
    .map(({ content }) => content)
    .find(isObject);
  const body = objectsOf(adaptive?.body);
  const section = objectsOf(message.sections)[0];
  const facts = [section, ...body].flatMap((part) => objectsOf(part?.facts));
  const status = facts.find((fact) => (fact.name ?? fact.title) === 'Status');
  const word = textOf(status?.value);
  const summary = CARD.exec(textOf(message.summary) ?? textOf(body[0]?.text) ?? '');
  if (word === undefined || summary === null) return undefined;
  const links = [...objectsOf(message.potentialAction), ...objectsOf(adaptive?.actions)].flatMap((action) => [
    ...objectsOf(action.targets).map((target) => target.uri),
    action.url,
  ]);
  return jobEvent(
    {
      result: resultOf(word),
      jobName: summary[1],
      jobUrl: undefined,
      buildUrl: links.flatMap((link) => textOf(link) ?? []).find((link) => link.includes('/job/')),
      number: summary[2]?.replace(/^#/, ''),
    },
    settings,
  );
}

function lineEvent(message: Fields, settings: Settings): Reading | undefined {
  const first = looseFields(objectsOf(message.attachments)[0] ?? message, 1);
  const text = first.text('fallback', 'text') ?? '';
  const found = LINE.exec(text);
  if (found === null) return undefined;
  return jobEvent(
    {
      result: resultOf(found[3] ?? ''),
      jobName: found[1],
      jobUrl: undefined,
      buildUrl: /<(https?:\/\/[^|>\s]{1,1000})[|>]/.exec(text)?.[1],
      number: found[2],
    },
    settings,
  );
}
