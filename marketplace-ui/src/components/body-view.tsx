import { CodeBlock } from './code-block.tsx';
import { tryJson } from './json-lines.ts';
import { JsonView } from './json-view.tsx';

/** The body of a request or an answer: JSON when it is JSON, else the text as it came. */
export function BodyView({ text, label }: { text: string | null; label: string }) {
  if (text === null || text === '') {
    return <p style={{ margin: 0, color: 'var(--pb-text-muted)' }}>{label}: empty</p>;
  }
  const value = tryJson(text);
  if (value === undefined) return <CodeBlock text={text} label={label} maxHeight={460} />;
  return <JsonView value={value} label={label} />;
}
