import { Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import classes from './section.module.css';

interface SectionProps {
  title: string;
  hint?: ReactNode;
  actions?: ReactNode;
  /** No padding: for tables and traces. */
  flush?: boolean;
  children: ReactNode;
}

/** A titled card of a page. */
export function Section({ title, hint, actions, flush = false, children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.head}>
        <Title order={2} id={id}>
          {title}
        </Title>
        {hint && <span className={classes.hint}>{hint}</span>}
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
