import { CopyButton } from './copy-button.tsx';
import classes from './code-block.module.css';

interface CodeBlockProps {
  text: string;
  /** Names the block, above it and for screen readers: "curl", "alertmanager.yml". */
  label: string;
  /** Hides the bar; the label is still read out. */
  bare?: boolean;
  /** Scrolls inside when taller, in CSS pixels. */
  maxHeight?: number;
}

/** Text as written, scrolled and never wrapped, with one press to copy. */
export function CodeBlock({ text, label, bare = false, maxHeight }: CodeBlockProps) {
  return (
    <div className={classes.block}>
      {bare ? (
        <div className={classes.corner}>
          <CopyButton text={text} label={`Copy ${label}`} />
        </div>
      ) : (
        <div className={classes.bar}>
          <span>{label}</span>
          <CopyButton text={text} label={`Copy ${label}`} />
        </div>
      )}
      <pre
        className={classes.code}
        tabIndex={0}
        role="group"
        aria-label={label}
        style={maxHeight ? { maxHeight, overflowY: 'auto' } : {}}
      >
        {text}
      </pre>
    </div>
  );
}
