import { jsonFrom } from '@patchbay/plugin-sdk';

/** Escalation webhooks write every value of their form as JSON: text stands in quotes, lists in brackets. */
export function unquoted(message: unknown): unknown {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return message;
  return Object.fromEntries(
    Object.entries(message).map(([name, value]: [string, unknown]) => {
      if (typeof value !== 'string' || !/^".*"$|^\[.*\]$|^\{.*\}$/s.test(value)) return [name, value];
      const inner = jsonFrom(value);
      return [name, inner === undefined ? value : inner];
    }),
  );
}
