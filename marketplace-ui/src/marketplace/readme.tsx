import { ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from '../components/code-block.tsx';
import classes from './readme.module.css';

/**
 * An author's Markdown, as text from a stranger: raw HTML is dropped, the rest is sanitised, images are named and not
 * loaded, links open in a tab of their own without telling where the reader came from.
 */
export function Readme({ text }: { text: string }) {
  return (
    <div className={classes.readme}>
      <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]} skipHtml components={components}>
        {text}
      </Markdown>
    </div>
  );
}

// The page has its own first heading, so the author's begin one level below.
const components: Components = {
  h1: ({ children }) => <h2>{children}</h2>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h6>{children}</h6>,
  a: ({ href, children }) =>
    href !== undefined && /^(https?|mailto):/i.test(href) ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
        <ExternalLink size={12} aria-hidden="true" />
        <span className="sr-only"> (opens a new tab)</span>
      </a>
    ) : (
      <>{children}</>
    ),
  img: ({ alt }) => (
    <span className={classes.image}>{alt === undefined || alt === '' ? 'image' : `image: ${alt}`}</span>
  ),
  pre: ({ children }) => <CodeBlock bare label="example" text={plainText(children).replace(/\n$/, '')} />,
  table: ({ children }) => (
    <div className={classes.table} role="region" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  input: ({ checked }) => <span>{checked === true ? '☑' : '☐'} </span>,
};

/** The text inside nodes that hold only text and elements around text. */
function plainText(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(plainText).join('');
  if (typeof node === 'object' && node !== null && 'props' in node) {
    const { props } = node;
    if (typeof props === 'object' && props !== null && 'children' in props)
      return plainText(props.children as ReactNode);
  }
  return '';
}
