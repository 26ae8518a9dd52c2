import { logLevels } from '../../contract/abi.ts';
import type { LogLine } from '../../contract/run.ts';
import { textProblem } from '../json-text.ts';

/** A line of the log as the guest wrote it: JSON text with a message and fields, or else plain text. */
export function readLogLine(level: number, bytes: Uint8Array): LogLine {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const line: LogLine = { level: logLevels[level] ?? 'info', message: text };
  if (textProblem(bytes) !== undefined) return line;
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null) return line;
    if ('message' in read && typeof read.message === 'string') line.message = read.message;
    if ('fields' in read && typeof read.fields === 'object' && read.fields !== null && !Array.isArray(read.fields))
      line.fields = read.fields as Record<string, unknown>;
  } catch {
    // Not JSON: the text as it is says more than a refusal would.
  }
  return line;
}
