import type { z } from 'zod';

/** All issues of a failed parse in one line: `path: message; path: message`. */
export function issueText(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
    .join('; ');
}
