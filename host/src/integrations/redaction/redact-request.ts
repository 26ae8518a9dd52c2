import type { RequestDetail } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { isSecretName } from '@patchbay/plugin-sdk/contract/secret-name';
import { redactBody } from './redact-body.ts';
import { REDACTED, isSecretParameter, redactShapes } from './secret-shapes.ts';

/** A request as everybody in the group may see it; `redacted` says whether that is less than what came. */
export function redactRequest(request: RequestDetail): RequestDetail {
  const shown: RequestDetail = {
    ...request,
    reason: request.reason === null ? null : redactShapes(request.reason),
    headers: mapValues(request.headers, (value, name) => (isSecretName(name) ? REDACTED : redactShapes(value))),
    query: mapValues(request.query, (values, name) =>
      values.map((value) => (isSecretParameter(name) ? REDACTED : redactShapes(value))),
    ),
    body: redactedBody(request),
    issues: request.issues.map((issue) => ({ ...issue, message: redactShapes(issue.message) })),
    logs: request.logs.map((line) => ({ ...line, message: redactShapes(line.message) })),
  };
  return { ...shown, redacted: JSON.stringify(shown) !== JSON.stringify(request) };
}

function redactedBody({ body, contentType }: RequestDetail): RequestDetail['body'] {
  if ('text' in body) return { text: redactBody(body.text, contentType) };
  // Every byte is a character of Latin-1 and the other way round; names and secrets are ASCII.
  const text = Buffer.from(body.base64, 'base64').toString('latin1');
  return { base64: Buffer.from(redactBody(text, contentType), 'latin1').toString('base64') };
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
