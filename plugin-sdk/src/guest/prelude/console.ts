import type { Native } from './native.ts';

const levels = { debug: 0, info: 1, warn: 2, error: 3 } as const;
export type Level = keyof typeof levels;
const LINE_CHARS = 16_384;

export type WriteLog = (level: Level, message: string, fields?: Record<string, unknown>) => void;

/** Writes one line to the log of the call; what cannot be JSON in `fields` is left out rather than thrown about. */
export function createLog(native: Native): WriteLog {
  return (level, message, fields) => {
    const line: { message: string; fields?: unknown } = { message: String(message).slice(0, LINE_CHARS) };
    if (fields !== undefined) line.fields = fields;
    native.l(
      levels[level],
      jsonOr(line, () => JSON.stringify({ message: line.message })),
    );
  };
}

export function createConsole(write: WriteLog) {
  const at =
    (level: Level) =>
    (...values: unknown[]): void =>
      write(level, values.map(show).join(' '));
  return {
    log: at('info'),
    info: at('info'),
    debug: at('debug'),
    trace: at('debug'),
    warn: at('warn'),
    error: at('error'),
  };
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return value.stack ? `${String(value)}\n${value.stack}` : String(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return jsonOr(value, () => Object.prototype.toString.call(value));
}

function jsonOr(value: unknown, otherwise: () => string): string {
  try {
    return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
  } catch {
    return otherwise();
  }
}
