import type { TimelineEntry } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { Bell, CheckCircle2, Eye, RotateCcw, Send, Webhook, Zap, type LucideIcon } from 'lucide-react';
import type { CSSProperties } from 'react';
import { DeliveryStatus, deliveryTone } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import type { Tone } from '../theme/tokens.ts';
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
  about: string;
}

const effects: Record<string, { icon: LucideIcon; tone: Tone; title: string }> = {
  opened: { icon: Bell, tone: 'danger', title: 'Opened' },
  updated: { icon: Zap, tone: 'neutral', title: 'Updated' },
  acknowledged: { icon: Eye, tone: 'caution', title: 'Acknowledged' },
  resolved: { icon: CheckCircle2, tone: 'good', title: 'Resolved' },
  reopened: { icon: RotateCcw, tone: 'danger', title: 'Reopened' },
};

function lookOf(entry: TimelineEntry): Look {
  if (entry.kind === 'delivery') {
    return {
      icon: entry.destinationKind === 'webhook' ? Webhook : Send,
      tone: deliveryTone(entry.state),
      title: entry.destinationName,
      about: `told of ${entry.changeType}`,
    };
  }
  const effect = Object.hasOwn(effects, entry.effect) ? effects[entry.effect] : undefined;
  return {
    icon: effect?.icon ?? Zap,
    tone: effect?.tone ?? 'neutral',
    title: effect?.title ?? `${entry.action}: ${entry.effect}`,
    about: entry.actor !== null ? `by ${entry.actor}` : entry.plugin !== null ? `through ${entry.plugin}` : '',
  };
}
