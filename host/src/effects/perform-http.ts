import type { AskAnswer, HttpAnswer, HttpAsk } from '@patchbay/plugin-sdk/contract/journal';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import type { Egress, EgressAnswer, EgressResult } from '../egress/egress.ts';
import { attachCredential } from './attach-credential.ts';
import { captureTokens } from './capture-tokens.ts';
import type { Attached, NotAttached, Outgoing } from './credentials/credential-means.ts';
import type { TokenKeeper } from './credentials/token-keeper.ts';
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
  tokens: TokenKeeper;
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
  const outgoing = outgoingOf(context, ask);
  if (ask.credential === null) return judge(context, ask, await send(egress, context, outgoing, null), []);
  let attached = await attachCredential(egress, context, ask.credential, outgoing);
  if (!attached.ok) return notAttached(attached);
  let result = await send(egress, context, outgoing, attached);
  const hidden = [...attached.hidden];
  // A definite no: nothing was carried out, and the token may have ended before its time.
  if (result.ok && result.answer.status === 401 && attached.renew !== undefined) {
    attached = await attached.renew();
    if (!attached.ok) return notAttached(attached);
    hidden.push(...attached.hidden);
    result = await send(egress, context, outgoing, attached);
  }
  return judge(context, ask, result, hidden);
}

function outgoingOf(context: HttpContext, ask: HttpAsk): Outgoing {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(ask.headers)) headers[name.toLowerCase()] = value;
  headers['user-agent'] ??= `Patchbay (${context.manifest.id} ${context.manifest.version})`;
  headers['idempotency-key'] = context.idempotencyKey;
  return { url: new URL(ask.url), method: ask.method, headers, body: bodyBytes(ask) };
}

function send(egress: Egress, { manifest }: HttpContext, outgoing: Outgoing, attached: Attached | null) {
  return egress.send({
    url: attached?.url ?? outgoing.url.href,
    method: outgoing.method,
    headers: { ...outgoing.headers, ...attached?.headers },
    body: outgoing.body,
    timeoutMs: sandboxLimits.requestTimeoutMs,
    responseBytes: manifest.limits.responseBytes ?? sandboxLimits.responseBytes,
  });
}

/** @param hidden what must not be in the answer */
async function judge(
  context: HttpContext,
  ask: HttpAsk,
  result: EgressResult,
  hidden: readonly string[],
): Promise<HttpOutcome> {
  const url = new URL(ask.url);
  if (!result.ok) {
    const unknown = result.maybeSent && !isRepeatable(ask);
    const code = unknown && result.code !== 'RESPONSE_TOO_LARGE' ? 'OUTCOME_UNKNOWN' : result.code;
    const retryable = !unknown && (result.code === 'EGRESS_FAILED' || result.code === 'EGRESS_TIMEOUT');
    return { ...refusal(code, result.message), retryable, durationMs: result.durationMs };
  }
  const taken = captureTokens(context.manifest, context.configuration, url, result.answer);
  const { durationMs } = result.answer;
  if (!taken.ok)
    return { ...refusal('CAPTURE_MISSED', `The answer of ${url.host} has no token where one is expected`), durationMs };
  const { answer, captured } = taken;
  const sought = [...hidden, ...captured.map(({ value }) => value)];
  if (sought.some((secret) => reflects(answer, secret)))
    return { ...refusal('SECRET_REFLECTED', `The answer of ${url.host} contains the secret`), durationMs };
  for (const { name, value } of captured) await context.tokens.keep(name, value);
  return {
    answer: { ok: showAnswer(answer) },
    status: answer.status,
    code: answer.status >= 400 ? 'HTTP_STATUS' : null,
    retryable: RETRYABLE_STATUS.has(answer.status),
    retryAfterMs: retryAfterMs(answer.headers['retry-after']),
    durationMs,
  };
}

function notAttached({ code, message }: NotAttached): HttpOutcome {
  return { ...refusal(code, message), retryable: code === 'TOKEN_UNAVAILABLE' };
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
  return (
    containsSecret(answer.body, secret) ||
    Object.entries(answer.headers).some(
      ([name, value]) =>
        containsSecret(Buffer.from(value, 'utf8'), secret) ||
        containsSecret(Buffer.from(value, 'latin1'), secret) ||
        containsSecret(Buffer.from(name), secret.toLowerCase()),
    )
  );
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
