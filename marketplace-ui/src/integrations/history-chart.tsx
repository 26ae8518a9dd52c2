import { scaleTop, type Hour } from './history-words.ts';
import classes from './history-chart.module.css';

interface HistoryChartProps {
  hours: readonly Hour[];
  /** What it shows, for who does not see it. */
  label: string;
}

/** A bar for each hour: what succeeded, and on top of it what failed. */
export function HistoryChart({ hours, label }: HistoryChartProps) {
  const top = scaleTop(Math.max(0, ...hours.map(({ success, errors }) => success + errors)));
  return (
    <div>
      <div className={classes.chart}>
        <div className={classes.scale} aria-hidden="true">
          <span>{top.toLocaleString('en')}</span>
          <span>0</span>
        </div>
        <div className={classes.plot} role="img" aria-label={label}>
          {hours.map((hour) => (
            <div key={hour.hour} className={classes.hour} title={titleOf(hour)}>
              {hour.errors > 0 && <div className={classes.errors} style={{ height: heightOf(hour.errors, top) }} />}
              {hour.success > 0 && <div className={classes.success} style={{ height: heightOf(hour.success, top) }} />}
            </div>
          ))}
        </div>
        <div className={classes.times} aria-hidden="true">
          <span>{timeWords(hours[0], hours.length)}</span>
          <span>{timeWords(hours[Math.floor(hours.length / 2)], hours.length)}</span>
          <span>now</span>
        </div>
      </div>
      <ul className={classes.legend} aria-hidden="true">
        <li>
          <span className={`${classes.swatch ?? ''} ${classes.success ?? ''}`} />
          Succeeded
        </li>
        <li>
          <span className={`${classes.swatch ?? ''} ${classes.errors ?? ''}`} />
          Failed
        </li>
      </ul>
    </div>
  );
}

function heightOf(count: number, top: number): string {
  return `${(100 * count) / top}%`;
}

function titleOf(hour: Hour): string {
  return `${hourWords(hour.hour)}: ${hour.success.toLocaleString('en')} succeeded, ${hour.errors.toLocaleString('en')} failed`;
}

function timeWords(hour: Hour | undefined, hours: number): string {
  if (hour === undefined) return '';
  return new Intl.DateTimeFormat(
    undefined,
    hours > 24 ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit', hour12: false },
  ).format(new Date(hour.hour));
}

/** "2 Mar, 10:00" in the zone of who looks. */
export function hourWords(hour: string): string {
  return new Intl.DateTimeFormat(undefined, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(new Date(hour));
}
