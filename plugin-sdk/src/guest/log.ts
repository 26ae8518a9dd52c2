import { runtime } from './runtime.ts';
import type { LogLevel } from '../contract/abi.ts';

/** Lines go to the log of the request or delivery. `fields` are shown beside the message; they must be JSON. */
export type Log = Record<LogLevel, (message: string, fields?: Record<string, unknown>) => void>;

export const log: Log = {
  debug: (message, fields) => runtime().log('debug', message, fields),
  info: (message, fields) => runtime().log('info', message, fields),
  warn: (message, fields) => runtime().log('warn', message, fields),
  error: (message, fields) => runtime().log('error', message, fields),
};
