import { z } from 'zod';
import { ingestLimits } from '../limits.ts';

/**
 * Headers that an operator may add to an answer: those that say something to a sender, and nothing to a browser, a
 * cache or a proxy about the host. Names of one's own begin with `x-custom-`.
 */
export const responseHeaderNames = [
  'content-language',
  'retry-after',
  'webhook-allowed-origin',
  'webhook-allowed-rate',
  'webhook-request-origin',
  'x-ack',
  'x-correlation-id',
  'x-message-id',
  'x-request-id',
  'x-status',
] as const;
const OWN_NAME = /^x-custom-[a-z0-9-]{1,50}$/;

/** What a sender gets in place of the request's id, once its request is taken. It can be no page. */
export const senderResponseSchema = z
  .strictObject({
    status: z.union([z.literal(200), z.literal(202), z.literal(204)], { error: 'Expected 200, 202 or 204' }),
    contentType: z.enum(['application/json', 'text/plain']).default('text/plain'),
    body: z.string().default(''),
    headers: z.record(z.string(), z.string()).default({}),
  })
  .superRefine(({ status, contentType, body, headers }, context) => {
    const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (new TextEncoder().encode(body).length > ingestLimits.responseBytes)
      refuse(['body'], `Expected at most ${ingestLimits.responseBytes} bytes`);
    if (status === 204 && body !== '') refuse(['body'], 'An answer of status 204 has no body');
    if (contentType === 'application/json' && body !== '' && !isJson(body)) refuse(['body'], 'Expected JSON');
    if (Object.keys(headers).length > ingestLimits.responseHeaders)
      refuse(['headers'], `Expected at most ${ingestLimits.responseHeaders} headers`);
    for (const [name, value] of Object.entries(headers)) {
      if (!(responseHeaderNames as readonly string[]).includes(name) && !OWN_NAME.test(name))
        refuse(['headers', name], `Expected ${responseHeaderNames.join(', ')}, or x-custom-...; in lower case`);
      if (value.length > ingestLimits.responseHeaderChars || !/^[\x20-\x7e]*$/.test(value))
        refuse(['headers', name], `Expected at most ${ingestLimits.responseHeaderChars} characters of ASCII`);
    }
  });
export type SenderResponse = z.output<typeof senderResponseSchema>;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
