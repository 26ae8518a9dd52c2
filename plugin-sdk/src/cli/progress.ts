/**
 * Says on standard error what takes long, so that whoever waits knows for what.
 *
 *   idle -> begin -> running (advance: more of its parts are done) -> end -> idle
 *
 * One step at a time. On a terminal one line redraws itself and goes away at the end; elsewhere the beginning and the
 * end of a step are lines of their own.
 */
export interface Progress {
  /**
   * @param parts how many there are, where that is known; what is done is told by `advance`
   * @param unit of the parts, where they are not things
   */
  begin(title: string, parts?: number, unit?: string): ProgressStep;
}

export interface ProgressStep {
  /** @param by parts that are done since (default: 1) */
  advance(by?: number): void;
  end(): void;
}

export type ProgressStream = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

const REDRAW_MS = 120;
const BAR_CHARS = 20;
const ERASE = '\r\x1b[2K';
const SPINNER = ['-', '\\', '|', '/'];

/** For callers that print nothing beside their result, such as `--json`. */
export const noProgress: Progress = { begin: () => ({ advance: () => undefined, end: () => undefined }) };

export function createProgress(stream: ProgressStream): Progress {
  const live = stream.isTTY && process.env['TERM'] !== 'dumb';
  return {
    begin: (title, parts, unit = '') =>
      live ? redrawn(stream, title, parts, unit) : inLines(stream, title, parts, unit),
  };
}

/** Carries out a step that has no parts. */
export async function during<T>(progress: Progress, title: string, work: () => Promise<T>): Promise<T> {
  const step = progress.begin(title);
  try {
    return await work();
  } finally {
    step.end();
  }
}

function redrawn(stream: ProgressStream, title: string, parts: number | undefined, unit: string): ProgressStep {
  const began = performance.now();
  let done = 0;
  let turns = 0;
  const draw = (): void => {
    const mark = parts === undefined ? (SPINNER[turns++ % SPINNER.length] ?? '') : `${bar(done, parts)}${unit}`;
    const line = `${mark} ${title} ${secondsSince(began)}`;
    // A line that is broken cannot be erased.
    stream.write(ERASE + line.slice(0, Math.max(0, (stream.columns || 80) - 1)));
  };
  draw();
  const timer = setInterval(draw, REDRAW_MS);
  timer.unref();
  return {
    advance: (by = 1) => {
      done += by;
      draw();
    },
    end: () => {
      clearInterval(timer);
      stream.write(ERASE);
    },
  };
}

function inLines(stream: ProgressStream, title: string, parts: number | undefined, unit: string): ProgressStep {
  const began = performance.now();
  let done = 0;
  stream.write(`${title} ...\n`);
  return {
    advance: (by = 1) => void (done += by),
    end: () => {
      const counted = parts === undefined ? '' : `${Math.round(done)} of ${parts}${unit}, `;
      stream.write(`${title}: ${counted}${secondsSince(began)}\n`);
    },
  };
}

function bar(done: number, parts: number): string {
  const full = Math.round((BAR_CHARS * Math.min(done, parts)) / Math.max(1, parts));
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CHARS - full)}] ${Math.round(done)} of ${parts}`;
}

function secondsSince(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
