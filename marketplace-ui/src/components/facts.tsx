import { Fragment, type ReactNode } from 'react';
import classes from './facts.module.css';

/** Names and values, as a description list. Entries with undefined are left out. */
export function Facts({ entries }: { entries: readonly (readonly [name: string, value: ReactNode | undefined])[] }) {
  return (
    <dl className={classes.facts}>
      {entries.map(([name, value]) =>
        value === undefined ? null : (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}
