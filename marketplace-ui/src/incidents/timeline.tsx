import type { TimelineEntry } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { Send, Webhook, type LucideIcon } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { Actor } from '../components/actor.tsx';
import { DeliveryStatus, deliveryTone } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import type { Tone } from '../theme/tokens.ts';
import { effectLook } from './effect-look.ts';
import { Tickets } from '../components/tickets.tsx';
import classes from './timeline.module.css';

interface TimelineProps {
  entries: readonly TimelineEntry[];
  /** Opens the drawer of `event:ID` or `delivery:ID`. */
  onOpen: (id: string) => void;
}

/** Everything that happened, newest first. */
export function Timeline({ entries, onOpen }: TimelineProps) {
  return (
    <ol className={classes.timeline}>
      {[...entries].reverse().map((entry) => {
        const look = lookOf(entry);
        return (
          <li
            key={entry.id}
            className={classes.entry}
            style={{ '--tone-fg': `var(--pb-tone-${look.tone}-fg)` } as CSSProperties}
          >
            <span className={classes.icon}>
              <look.icon size={15} aria-hidden="true" />
            </span>
            <div className={classes.words}>
              <button type="button" className={classes.open} onClick={() => onOpen(`${entry.kind}:${entry.id}`)}>
                {look.title}
              </button>{' '}
              <span className={classes.about}>{look.about}</span>
              {entry.kind === 'delivery' ? (
                <div>
                  <DeliveryStatus value={entry.state} />{' '}
                  <span className={classes.about}>
                    {entry.attempts > 1 && `after ${entry.attempts} attempts `}
                    {entry.message}
                  </span>{' '}
                  {entry.linked && <Tickets linked={[entry.linked]} />}
                </div>
              ) : (
                entry.actor !== null && entry.summary && <p className={classes.note}>{entry.summary}</p>
              )}
            </div>
            <span className={classes.time}>
              <Time at={entry.at} />
            </span>
          </li>
        );
      })}
    </ol>
  );
}

interface Look {
  icon: LucideIcon;
  tone: Tone;
  title: string;
  about: ReactNode;
}

function lookOf(entry: TimelineEntry): Look {
  if (entry.kind === 'delivery') {
    return {
      icon: entry.destinationKind === 'webhook' ? Webhook : Send,
      tone: deliveryTone(entry.state),
      title: entry.destinationName,
      about: `told of ${entry.changeType}`,
    };
  }
  const { title, means, icon, tone } = effectLook(entry.effect);
  return {
    icon,
    tone,
    title,
    about: (
      <>
        {entry.actor !== null ? (
          <>
            by <Actor name={entry.actor} />
          </>
        ) : (
          entry.plugin !== null && `through ${entry.plugin}`
        )}
        {means && `. ${means}`}
      </>
    ),
  };
}
