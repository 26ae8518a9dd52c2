import type { ErrorCode } from '../contract/error-codes.ts';

/** Exit codes are the same for all commands. */
export const exitCodes = {
  0: 'It worked, and what was looked at is in order.',
  1: 'It did not: the plugin failed, was refused, or does not pass.',
  2: 'The command was called wrongly: unknown option, missing file.',
  3: 'Not yet: what was asked about is held, and waits for a check, a reviewer or an answer.',
} as const;

/** What a command leaves behind. */
export interface CommandResult {
  exitCode: keyof typeof exitCodes;
  /** What `--json` prints, as one object. */
  report: Record<string, unknown>;
  /** What is printed without `--json`. */
  lines: string[];
  /** Everything was printed while it ran, with `--json` one object a line. */
  streamed?: true;
}

export function usageError(message: string): CommandResult {
  const code: ErrorCode = 'USAGE';
  return { exitCode: 2, report: { error: { code, message } }, lines: [message] };
}

export function failure(code: string, message: string, more: Record<string, unknown> = {}): CommandResult {
  return { exitCode: 1, report: { error: { code, message, ...more } }, lines: [`${code}: ${message}`] };
}
