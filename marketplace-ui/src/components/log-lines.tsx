import classes from './log-lines.module.css';

/** What a plugin logged while it ran. */
export function LogLines({ logs, label }: { logs: readonly { level: string; message: string }[]; label: string }) {
  if (logs.length === 0) return <p className={classes.none}>Nothing was logged.</p>;
  return (
    <div className={classes.frame} tabIndex={0} role="group" aria-label={label}>
      {logs.map((line, at) => (
        <div key={at} className={classes.line}>
          <span className={classes.level} data-level={line.level}>
            {line.level}
          </span>
          <span>{line.message}</span>
        </div>
      ))}
    </div>
  );
}
