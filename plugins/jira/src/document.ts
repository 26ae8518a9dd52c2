/** Atlassian Document Format: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
export interface Document {
  type: 'doc';
  version: 1;
  content: Block[];
}

interface Text {
  type: 'text';
  text: string;
  marks?: ({ type: 'strong' } | { type: 'link'; attrs: { href: string } })[];
}

export interface Paragraph {
  type: 'paragraph';
  content: Text[];
}

type Block =
  | Paragraph
  | { type: 'bulletList'; content: { type: 'listItem'; content: Paragraph[] }[] }
  | { type: 'codeBlock'; attrs: { language: string }; content: Text[] };

export function document(...content: Block[]): Document {
  return { type: 'doc', version: 1, content };
}

/** Text must not be empty in this format. */
export function text(value: string): Text {
  return { type: 'text', text: value === '' ? ' ' : value };
}

export function strong(value: string): Text {
  return { ...text(value), marks: [{ type: 'strong' }] };
}

/** A link; plain text when the address is none that a browser should open. */
export function link(href: string, label: string): Text {
  if (!/^https?:\/\//i.test(href)) return text(label);
  return { ...text(label), marks: [{ type: 'link', attrs: { href } }] };
}

export function paragraph(...content: Text[]): Paragraph {
  return { type: 'paragraph', content };
}

export function bullets(...items: Paragraph[]): Block {
  return { type: 'bulletList', content: items.map((item) => ({ type: 'listItem', content: [item] })) };
}

export function code(value: string, language: string): Block {
  return { type: 'codeBlock', attrs: { language }, content: [text(value)] };
}
