import type { ReactNode } from 'react';
import classes from './filter-bar.module.css';

/** Filters above a table, two beside each other on a phone; `end` holds the live mark. */
export function FilterBar({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <div className={classes.bar} role="search" aria-label="Filters">
      {children}
      {end && <span className={classes.end}>{end}</span>}
    </div>
  );
}
