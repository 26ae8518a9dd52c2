import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { readDigest } from './digest-text.ts';
import { FORM_TYPE, readFormFields, type FormField } from './form-fields.ts';
import { headerText, invalid, verified, type SignatureOutcome, type SignedRequest } from './signed-request.ts';

type UrlHmacScheme = Extract<SignatureScheme, { kind: 'url-hmac' }>;

/**
 * HMAC over the URL and the form's fields in order of their names (Twilio, "Validating signatures from Twilio"; Splunk
 * On-Call's escalation webhooks alike). Senders differ in whether they sign the port, so the URL is tried both ways.
 */
export function verifyUrlHmac(
  scheme: UrlHmacScheme,
  request: SignedRequest,
  secrets: readonly string[],
): SignatureOutcome {
  const header = headerText(request, scheme.header);
  if (header === undefined) return { outcome: 'absent' };
  if (secrets.length === 0) return { outcome: 'unset' };
  const given = readDigest(header, scheme.encoding);
  if (given === null) return invalid(`The header ${scheme.header} does not have the expected form.`);
  const fields = signedFields(scheme, request);
  if (typeof fields === 'string') return invalid(fields);
  for (const secret of secrets)
    for (const url of urlForms(request.url)) {
      const hmac = createHmac(scheme.hash, secret).update(url);
      for (const { name, value } of fields) hmac.update(name).update(value);
      const expected = hmac.digest();
      if (given.length === expected.length && timingSafeEqual(given, expected))
        return verified('sender', { id: `sig ${expected.toString('base64')}`, timed: false, brief: true });
    }
  return invalid(
    'The signature does not match URL and fields with any valid secret. The sender must call the URL exactly as it is shown, and PUBLIC_URL must be its address.',
  );
}

/** The fields that are signed after the URL; a text says why the body is not covered by the signature. */
function signedFields(scheme: UrlHmacScheme, request: SignedRequest): FormField[] | string {
  const digest = scheme.bodyDigest === undefined ? null : new URL(request.url).searchParams.get(scheme.bodyDigest);
  if (digest !== null) {
    const actual = createHash('sha256').update(request.body).digest();
    const claimed = /^[0-9a-f]{64}$/i.test(digest) ? Buffer.from(digest, 'hex') : Buffer.alloc(32);
    return timingSafeEqual(actual, claimed) ? [] : `The body does not match ${scheme.bodyDigest} of the URL.`;
  }
  if (request.body.length === 0) return [];
  if (!FORM_TYPE.test(headerText(request, 'content-type') ?? ''))
    return 'The signature does not cover a body that is no form.';
  const fields = readFormFields(request.body);
  return fields === null ? 'The form has too many fields.' : inOrder(fields);
}

/** By name, then value; a value that is there twice counts once. */
function inOrder(fields: readonly FormField[]): FormField[] {
  const sorted = [...fields].sort((a, b) => Buffer.compare(a.name, b.name) || Buffer.compare(a.value, b.value));
  return sorted.filter((field, index) => {
    const before = sorted[index - 1];
    return before === undefined || !before.name.equals(field.name) || !before.value.equals(field.value);
  });
}

/** The URL as it is, without its port, and with the port of its scheme. */
function urlForms(url: string): string[] {
  const parts = /^(https?):\/\/([^/?#]+?)(?::(\d+))?([/?#].*)?$/i.exec(url);
  if (parts === null) return [url];
  const [, scheme = '', host = '', , rest = ''] = parts;
  const port = scheme.toLowerCase() === 'https' ? 443 : 80;
  return [...new Set([url, `${scheme}://${host}${rest}`, `${scheme}://${host}:${port}${rest}`])];
}
