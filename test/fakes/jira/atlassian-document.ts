type Node = Record<string, unknown>;

const INLINE = new Set(['text', 'hardBreak', 'mention', 'emoji', 'date', 'status', 'inlineCard']);
const BLOCKS = new Set([
  'paragraph',
  'heading',
  'bulletList',
  'orderedList',
  'codeBlock',
  'blockquote',
  'panel',
  'rule',
  'table',
  'expand',
]);
const MARKS = new Set(['strong', 'em', 'code', 'link', 'strike', 'underline', 'subsup', 'textColor']);

/**
 * What is wrong with a value as Atlassian Document Format, or undefined when nothing is. The rules are those of the
 * published schema for the nodes that plain documents use
 * (https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/).
 */
export function documentFault(value: unknown): string | undefined {
  if (!isNode(value)) return 'not an object';
  if (value.type !== 'doc') return 'type is not "doc"';
  if (value.version !== 1) return 'version is not 1';
  if (!Array.isArray(value.content)) return 'content is not a list';
  if (Object.keys(value).some((name) => !['type', 'version', 'content'].includes(name))) return 'unknown field';
  return blocksFault(value.content, 'doc');
}

/** All text of a document, line by line. */
export function documentText(value: unknown): string {
  if (!isNode(value)) return '';
  if (typeof value.text === 'string') return value.text;
  const parts = Array.isArray(value.content) ? value.content.map(documentText) : [];
  return parts.join(typeof value.type === 'string' && isInlineParent(value.type) ? '' : '\n');
}

const isInlineParent = (type: string) => type === 'paragraph' || type === 'heading' || type === 'codeBlock';

function blocksFault(content: unknown[], inside: string): string | undefined {
  for (const node of content) {
    if (!isNode(node) || typeof node.type !== 'string') return `${inside} holds something that is no node`;
    if (!BLOCKS.has(node.type)) return `${node.type} may not stand in ${inside}`;
    const fault = blockFault(node, node.type);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function blockFault(node: Node, type: string): string | undefined {
  const content: unknown[] = Array.isArray(node.content) ? node.content : [];
  switch (type) {
    case 'rule':
      return undefined;
    case 'bulletList':
    case 'orderedList':
      if (content.length === 0) return `${type} is empty`;
      return first(content, (item) =>
        isNode(item) && item.type === 'listItem' && Array.isArray(item.content) && item.content.length > 0
          ? blocksFault(item.content, 'listItem')
          : `${type} holds something that is no listItem`,
      );
    case 'codeBlock':
      return first(content, (item) =>
        isNode(item) && item.type === 'text' && item.marks === undefined
          ? inlineFault(item)
          : 'codeBlock holds no plain text',
      );
    case 'paragraph':
    case 'heading':
      if (type === 'heading' && !isNode(node.attrs)) return 'heading has no level';
      return first(content, inlineFault);
    default:
      return content.length === 0 ? `${type} is empty` : blocksFault(content, type);
  }
}

function inlineFault(node: unknown): string | undefined {
  if (!isNode(node) || typeof node.type !== 'string' || !INLINE.has(node.type)) return 'unknown inline node';
  if (node.type !== 'text') return undefined;
  if (typeof node.text !== 'string' || node.text === '') return 'text is empty';
  return first(Array.isArray(node.marks) ? node.marks : [], (mark) => {
    if (!isNode(mark) || typeof mark.type !== 'string' || !MARKS.has(mark.type)) return 'unknown mark';
    if (mark.type !== 'link') return undefined;
    return isNode(mark.attrs) && typeof mark.attrs.href === 'string' ? undefined : 'link has no href';
  });
}

function first(items: unknown[], fault: (item: unknown) => string | undefined): string | undefined {
  for (const item of items) {
    const found = fault(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
