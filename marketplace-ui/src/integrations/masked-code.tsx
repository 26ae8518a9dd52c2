import { CopyButton } from '../components/copy-button.tsx';
import classes from '../components/code-block.module.css';

interface MaskedCodeProps {
  text: string;
  /** What is hidden on the screen and still copied. */
  secret: string | null;
  shown: boolean;
  label: string;
}

export const mask = '••••••••••••';

/** A command with a secret in it: hidden from who looks over your shoulder, whole in the clipboard. */
export function MaskedCode({ text, secret, shown, label }: MaskedCodeProps) {
  return (
    <div className={classes.block}>
      <div className={classes.bar}>
        <span>{label}</span>
        <CopyButton text={text} label={`Copy ${label}`} />
      </div>
      <pre className={classes.code} tabIndex={0} role="region" aria-label={label}>
        {secret === null || shown ? text : text.replaceAll(secret, mask)}
      </pre>
    </div>
  );
}
