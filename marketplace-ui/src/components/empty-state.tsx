import { Cable, ListFilter, Lock, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './state-panel.module.css';

interface EmptyStateProps {
  /**
   * first-run  nothing was made yet: say what appears here and the one next step
   * no-match   a filter hides everything: echo it and offer to clear it
   * nothing    nothing to do, and that is fine
   * no-right   the viewer may not see it: say whom to ask
   */
  kind: 'first-run' | 'no-match' | 'nothing' | 'no-right';
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** Wider content below, such as a sample command. */
  extra?: ReactNode;
  icon?: LucideIcon;
  /** Without the dashed frame, inside a card. */
  inset?: boolean;
}

const icons = { 'first-run': Cable, 'no-match': ListFilter, nothing: Cable, 'no-right': Lock } as const;

/** An error is not empty: use ErrorState. */
export function EmptyState({ kind, title, children, action, extra, icon, inset = false }: EmptyStateProps) {
  const Icon = icon ?? icons[kind];
  return (
    <section className={inset ? classes.inset : classes.panel}>
      <Icon size={28} strokeWidth={1.5} aria-hidden="true" />
      <h2 className={classes.title}>{title}</h2>
      {children && <div className={classes.text}>{children}</div>}
      {action && <div className={classes.actions}>{action}</div>}
      {extra && <div className={classes.extra}>{extra}</div>}
    </section>
  );
}
