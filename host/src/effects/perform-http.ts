import type { AskAnswer, HttpAnswer, HttpAsk } from '@patchbay/plugin-sdk/contract/journal';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import type { Egress, EgressAnswer } from '../egress/egress.ts';
import { attachCredential } from './attach-credential.ts';
import { checkHttpAsk } from './http-permission.ts';
import { containsSecret } from './secret-reflection.ts';

/** What a request came to: what the plugin gets to see, and what the journal has to know of it. */
export interface HttpOutcome {
  answer: AskAnswer;
  status: number | null;
  code: ErrorCode | null;
  /** A retry of the call may withdraw this answer and send again. */
  retryable: boolean;
  /** The vendor named the time to wait, in milliseconds. */
  retryAfterMs: number | null;
  durationMs: number;
}

export interface HttpContext {
  manifest: Manifest;
  configuration: Record<string, unknown>;
  idempotencyKey: string;
  readSecret(name: string): Promise<string | null>;
}

/** Response headers that a plugin gets to see; cookies and what names the infrastructure stay outside. */
const VISIBLE_HEADERS =
  /^(content-type|content-language|date|etag|last-modified|location|link|retry-after|x-ratelimit-.*|ratelimit-.*|x-request-id|x-github-request-id|x-arequestid|x-total-count|x-message-id)$/;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const RETRYABLE_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether the same request may be sent again although nobody knows if it was carried out (RFC 9110 9.2.2). */
export function isRepeatable(ask: HttpAsk): boolean {
  return ask.repeatable || SAFE_METHODS.has(ask.method);
}

/**
 * Performs one request of a plugin: permission, credential, the egress guard, and what may come back.
 * Expected failures are answers that the plugin can catch.
 */
export async function performHttp(egress: Egress, context: HttpContext, ask: HttpAsk): Promise<HttpOutcome> {
  const permitted = checkHttpAsk(context.manifest, context.configuration, ask);
  if (!permitted.ok) return refusal(permitted.code, permitted.message);
  let secret: string | null = null;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(ask.headers)) headers[name.toLowerCase()] = value;
  if (ask.credential !== null) {
    const value = await context.readSecret(ask.credential);
    const attached = attachCredential(context.manifest, context.configuration, ask.credential, new URL(ask.url), value);
    if (!attached.ok) return refusal(attached.code, attached.message);
    Object.assign(headers, attached.headers);
    secret = attached.secret;
  }
  headers['user-agent'] ??= `Patchbay (${context.manifest.id} ${context.manifest.version})`;
  headers['idempotency-key'] = context.idempotencyKey;
  const result = await egress.send({
    url: ask.url,
    method: ask.method,
    headers,
    body: bodyBytes(ask),
    timeoutMs: sandboxLimits.requestTimeoutMs,
    responseBytes: context.manifest.limits.responseBytes ?? sandboxLimits.responseBytes,
  });
  if (!result.ok) {
    const unknown = result.maybeSent && !isRepeatable(ask);
    const code = unknown && result.code !== 'RESPONSE_TOO_LARGE' ? 'OUTCOME_UNKNOWN' : result.code;
    const retryable = !unknown && (result.code === 'EGRESS_FAILED' || result.code === 'EGRESS_TIMEOUT');
    return { ...refusal(code, result.message), retryable, durationMs: result.durationMs };
  }
  const { answer } = result;
  if (secret !== null && reflects(answer, secret))
    return {
      ...refusal('SECRET_REFLECTED', `The answer of ${new URL(ask.url).host} contains the secret`),
      durationMs: answer.durationMs,
    };
  return {
    answer: { ok: showAnswer(answer) },
    status: answer.status,
    code: answer.status >= 400 ? 'HTTP_STATUS' : null,
    retryable: RETRYABLE_STATUS.has(answer.status),
    retryAfterMs: retryAfterMs(answer.headers['retry-after']),
    durationMs: answer.durationMs,
  };
}

/** Seconds or an HTTP date (RFC 9110 10.2.3), as milliseconds from now. */
export function retryAfterMs(header: string | undefined, nowMs: number = Date.now()): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}(\.\d+)?$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

function bodyBytes(ask: HttpAsk): Buffer | null {
  if (ask.body === null) return null;
  return 'text' in ask.body ? Buffer.from(ask.body.text, 'utf8') : Buffer.from(ask.body.base64, 'base64');
}

function reflects(answer: EgressAnswer, secret: string): boolean {
  return containsSecret(answer.body, secret) || containsSecret(Buffer.from(JSON.stringify(answer.headers)), secret);
}

function showAnswer({ status, headers, body }: EgressAnswer): HttpAnswer {
  const text = body.toString('utf8');
  const visible = Object.entries(headers).filter(([name]) => VISIBLE_HEADERS.test(name));
  return {
    status,
    headers: Object.fromEntries(visible),
    body: Buffer.from(text, 'utf8').equals(body) ? { text } : { base64: body.toString('base64') },
  };
}

function refusal(code: ErrorCode, message: string): HttpOutcome {
  return {
    answer: { error: { code, message } },
    status: null,
    code,
    retryable: false,
    retryAfterMs: null,
    durationMs: 0,
  };
}
