import { TriangleAlert } from 'lucide-react';
import { useSession } from '../api/session.ts';
import classes from './app-frame.module.css';

/** What the operator switched off and everybody should know: it stays while it is so. */
export function WarningsBanner() {
  const { warnings } = useSession();
  if (warnings.length === 0) return null;
  return (
    <section aria-label="Warnings">
      {warnings.map((warning) => (
        <div key={warning.code} className={classes.banner}>
          <TriangleAlert size={16} aria-hidden="true" />
          <span>
            <span className="sr-only">Warning: </span>
            {warning.message}
          </span>
          <code className="mono">{warning.code}</code>
        </div>
      ))}
    </section>
  );
}
