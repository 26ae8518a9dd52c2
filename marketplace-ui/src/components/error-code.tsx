import { errorCatalogue, isErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import { CircleX } from 'lucide-react';
import classes from './error-code.module.css';

interface ErrorCodeProps {
  code: string | null;
  /** The particular words; without, what the code means. */
  message: string | null;
}

/** Why something failed and what to do, from the closed catalogue; nothing when there is neither code nor message. */
export function ErrorCode({ code, message }: ErrorCodeProps) {
  if (code === null && message === null) return null;
  const entry = code !== null && isErrorCode(code) ? errorCatalogue[code] : null;
  return (
    <div className={classes.box}>
      <CircleX size={16} aria-hidden="true" />
      <div>
        <p className={classes.words}>{message ?? entry?.means}</p>
        {entry && <p className={classes.remedy}>{entry.remedy}</p>}
      </div>
      {code !== null && <code className={`${classes.code} mono`}>{code}</code>}
    </div>
  );
}
