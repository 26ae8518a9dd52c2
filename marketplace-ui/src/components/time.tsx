import { useNow } from './clock.ts';
import { durationWords, exactWords, relativeWords } from './time-words.ts';

interface TimeProps {
  /** An ISO instant; null shows a dash. */
  at: string | null;
  /** Show the exact instant instead of the relative words. */
  exact?: boolean;
}

/** Relative words that keep counting; the exact instant on hover, and in the clipboard when copied. */
export function Time({ at, exact = false }: TimeProps) {
  const ms = at === null ? NaN : Date.parse(at);
  const fresh = Math.abs(Date.now() - ms) < 60_000;
  const now = useNow(fresh ? 1000 : 15_000);
  if (at === null || Number.isNaN(ms)) return <Nothing />;
  return (
    <time
      dateTime={at}
      title={exactWords(ms)}
      onCopy={(event) => {
        event.clipboardData.setData('text/plain', at);
        event.preventDefault();
      }}
    >
      {exact ? exactWords(ms) : relativeWords(ms, now)}
    </time>
  );
}

interface DurationProps {
  ms: number | null;
}

export function Duration({ ms }: DurationProps) {
  return ms === null ? <Nothing /> : <span className="tabular">{durationWords(ms)}</span>;
}

/** A value that is not there, for eyes and for screen readers. */
export function Nothing({ word = 'none' }: { word?: string }) {
  return (
    <span style={{ color: 'var(--pb-text-faint)' }}>
      <span aria-hidden="true">–</span>
      <span className="sr-only">{word}</span>
    </span>
  );
}
