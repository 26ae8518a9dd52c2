import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import { z } from 'zod';
import type { Egress } from '../../egress/egress.ts';
import type { Obtained } from './token-keeper.ts';

const ANSWER_BYTES = 64 * 1024;
/** Of a token whose answer does not say how long it lives. */
const LIFETIME_SECONDS = 300;
const LIFETIME_SECONDS_MAX = 86_400;

/** RFC 6749 5.1; some vendors write the number as text. */
const answerSchema = z.object({
  access_token: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .max(8192),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .optional(),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).max(8192).optional(),
});
const errorSchema = z.object({ error: z.string().regex(/^[a-z_]{1,60}$/) });

/**
 * Asks a token endpoint by a form (RFC 6749 4.4 and 6, RFC 7523 2.1), through the one guard.
 *
 * @returns with the refresh token that is to take the place of the former, when the endpoint gives one
 */
export async function askForToken(
  egress: Egress,
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Obtained & { refreshToken?: string }> {
  const result = await egress.send({
    url,
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': 'Patchbay',
    },
    body: Buffer.from(new URLSearchParams(form).toString()),
    timeoutMs: sandboxLimits.requestTimeoutMs,
    responseBytes: ANSWER_BYTES,
  });
  const { host } = new URL(url);
  if (!result.ok) return { ok: false, code: 'TOKEN_UNAVAILABLE', message: `${host} gave no token: ${result.message}` };
  const { status, body } = result.answer;
  const json = parseJson(body);
  if (status === 429 || status >= 500)
    return { ok: false, code: 'TOKEN_UNAVAILABLE', message: `${host} gave no token: it answered ${status}` };
  const answer = answerSchema.safeParse(json);
  if (status >= 300 || !answer.success) {
    const error = errorSchema.safeParse(json);
    const why = error.success ? ` (${error.data.error})` : status < 300 ? ', but no bearer token' : '';
    return { ok: false, code: 'TOKEN_REFUSED', message: `${host} gave no token: it answered ${status}${why}` };
  }
  const { access_token, expires_in = LIFETIME_SECONDS, refresh_token } = answer.data;
  const expiresAt = new Date(Date.now() + Math.min(expires_in, LIFETIME_SECONDS_MAX) * 1000);
  return {
    ...{ ok: true, token: access_token, expiresAt },
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
