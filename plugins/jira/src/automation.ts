type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The messages of a body. Automation's action "Send web request" sends issues without the event around them: one alone
 * ("Jira format"), or a list ("Automation format"). The status of each says the same as the event would.
 */
export function messagesOf(body: unknown): unknown[] {
  if (!isObject(body) || 'webhookEvent' in body || 'issue' in body) return [body];
  if (Array.isArray(body.issues)) return body.issues.slice(0, 1000).map((issue: unknown) => ({ issue }));
  return 'key' in body && isObject(body.fields) ? [{ issue: body }] : [body];
}
