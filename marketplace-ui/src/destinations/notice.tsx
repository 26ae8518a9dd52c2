import type { LucideIcon } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import type { Tone } from '../theme/tokens.ts';
import classes from './notice.module.css';

interface NoticeProps {
  title: string;
  tone: Tone;
  icon: LucideIcon;
  /** `alert` for what just went wrong, `status` for what just changed; none for what was so when the page opened. */
  role?: 'alert' | 'status';
  /** Lets the focus move here. */
  id?: string;
  children: ReactNode;
}

/** Something about the whole page or card that is not as it should be: what, why, and the way out. */
export function Notice({ title, tone, icon: Icon, role, id, children }: NoticeProps) {
  const style = { '--tone-fg': `var(--pb-tone-${tone}-fg)`, '--tone-tint': `var(--pb-tone-${tone}-tint)` };
  return (
    <div className={classes.notice} style={style as CSSProperties} role={role} id={id}>
      <Icon size={18} aria-hidden="true" />
      <p className={classes.title}>{title}</p>
      <div className={classes.body}>{children}</div>
    </div>
  );
}
