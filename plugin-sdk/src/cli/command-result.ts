/**
 * What a command leaves behind. Exit codes are the same for all commands:
 *
 *   0  it worked, and what was looked at is in order
 *   1  it did not: the plugin failed, was refused, or does not pass
 *   2  the command was called wrongly: unknown option, missing file
 *   3  not yet: what was asked about is held, and waits for a check or a person
 */
export interface CommandResult {
  exitCode: 0 | 1 | 2 | 3;
  /** What `--json` prints, as one object. */
  report: Record<string, unknown>;
  /** What is printed without `--json`. */
  lines: string[];
  /** Everything was printed while it ran, with `--json` one object a line. */
  streamed?: true;
}

export function usageError(message: string): CommandResult {
  return { exitCode: 2, report: { error: { code: 'USAGE', message } }, lines: [message] };
}

export function failure(code: string, message: string, more: Record<string, unknown> = {}): CommandResult {
  return { exitCode: 1, report: { error: { code, message, ...more } }, lines: [`${code}: ${message}`] };
}
