import { firstText, textOf } from '@patchbay/plugin-sdk';

type Fields = Record<string, unknown>;

/** Kinds of content, the inner before what it lies in: a comment names its page too. */
const KINDS = [
  'comment',
  'attachment',
  'attachedTo',
  'label',
  'labeled',
  'page',
  'blogpost',
  'blog',
  'content',
  'space',
  'group',
  'user',
];

/** What a message is about. */
export interface Subject {
  kind: string;
  id: string;
  title: string | undefined;
  space: string | undefined;
  address: string | undefined;
}

export function subjectOf(message: Fields): Subject | undefined {
  for (const kind of KINDS) {
    const value = Array.isArray(message[kind]) ? (message[kind] as unknown[])[0] : message[kind];
    if (typeof value !== 'object' || value === null) continue;
    const fields = value as Fields;
    const id = firstText(fields.id, fields.key, fields.accountId, fields.name);
    if (id === undefined) continue;
    const parent = (typeof fields.parent === 'object' && fields.parent !== null ? fields.parent : {}) as Fields;
    return {
      kind,
      id,
      title: firstText(fields.title, fields.fileName, fields.name, parent.title),
      space: firstText(fields.spaceKey, parent.spaceKey, kind === 'space' ? fields.key : undefined),
      address: textOf(fields.self),
    };
  }
  return undefined;
}

/** The word of the event when nothing names it: what a message is about, without what happened. */
export function unnamed(subject: Subject | undefined): string {
  return subject === undefined ? 'event' : `${subject.kind} event`;
}
