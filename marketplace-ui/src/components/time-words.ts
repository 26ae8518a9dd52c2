const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "42 s ago", "in 5 min", "3 h ago", "2 d ago"; older than a week: the date. */
export function relativeWords(atMs: number, nowMs: number): string {
  const gap = nowMs - atMs;
  const size = Math.abs(gap);
  if (size < 5 * SECOND) return 'just now';
  if (size >= 7 * DAY) return dateWords(atMs, nowMs);
  const words =
    size < MINUTE
      ? `${Math.floor(size / SECOND)} s`
      : size < HOUR
        ? `${Math.floor(size / MINUTE)} min`
        : size < DAY
          ? `${Math.floor(size / HOUR)} h`
          : `${Math.floor(size / DAY)} d`;
  return gap >= 0 ? `${words} ago` : `in ${words}`;
}

function dateWords(atMs: number, nowMs: number): string {
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(undefined, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(atMs);
}

/** The minute in the viewer's zone: "14:05" today, "29 Nov, 14:05" on another day. */
export function minuteWords(atMs: number, nowMs: number): string {
  const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false }).format(atMs);
  const sameDay = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return sameDay ? clock : `${dateWords(atMs, nowMs)}, ${clock}`;
}

/** The instant in the viewer's zone, to the millisecond, with the zone's name. */
export function exactWords(atMs: number): string {
  return new Intl.DateTimeFormat(undefined, {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hour12: false,
    timeZoneName: 'short',
  }).format(atMs);
}

/** Hours, minutes, seconds and milliseconds of the viewer's day: what traces and logs need. */
export function clockWords(atMs: number): string {
  return new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hour12: false,
  }).format(atMs);
}

/** "0.8 ms", "42 ms", "1.3 s", "4 min 12 s", "3 h 5 min", "2 d 4 h". */
export function durationWords(ms: number): string {
  if (ms < 0) return durationWords(0);
  if (ms < 10) return `${trim(ms)} ms`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${trim(ms / SECOND)} s`;
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < HOUR) return pair(ms, MINUTE, 'min', SECOND, 's');
  if (ms < DAY) return pair(ms, HOUR, 'h', MINUTE, 'min');
  return pair(ms, DAY, 'd', HOUR, 'h');
}

function trim(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

function pair(ms: number, large: number, largeWord: string, small: number, smallWord: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeWord}${rest > 0 ? ` ${rest} ${smallWord}` : ''}`;
}

/** "812 B", "4.1 KB", "1 MB" (1 KB = 1024 B). */
export function byteWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${trim(bytes / 1024)} KB`;
  return `${trim(bytes / (1024 * 1024))} MB`;
}
