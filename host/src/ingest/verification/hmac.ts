import { createHmac, timingSafeEqual } from 'node:crypto';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { headerText, type SignatureOutcome, type SignedRequest } from './signed-request.ts';

type HmacScheme = Extract<SignatureScheme, { kind: 'hmac' }>;

/** Signatures in one header that are looked at; rotation needs two. */
const CANDIDATES = 10;

/** HMAC over parts of the request as the scheme lists them. */
export function verifyHmac(scheme: HmacScheme, request: SignedRequest, secrets: readonly string[]): SignatureOutcome {
  const header = headerText(request, scheme.header);
  if (header === undefined) return { outcome: 'absent' };
  if (secrets.length === 0) return { outcome: 'unset' };

  const timestamp = readTimestamp(scheme, request, header);
  if (timestamp === undefined) return invalid('The timestamp that is part of the signature is missing.');
  if (timestamp !== null) {
    const age = timestampAge(timestamp, scheme, request.receivedAt);
    if (age === null) return invalid('The timestamp cannot be understood.');
    if (Math.abs(age) > ingestLimits.signatureToleranceMs)
      return invalid(`The timestamp differs from our clock by ${Math.round(Math.abs(age) / 1000)} seconds.`);
  }

  const parts = signedParts(scheme, request, timestamp);
  if (parts === null) return invalid('A header that is part of the signature is missing.');
  const candidates = readCandidates(scheme, header);
  if (candidates.length === 0) return invalid(`The header ${scheme.header} does not have the expected form.`);
  for (const secret of secrets) {
    const key = keyBytes(scheme, secret);
    if (key === null) continue;
    const hmac = createHmac(scheme.hash, key);
    for (const part of parts) hmac.update(part);
    const expected = hmac.digest();
    for (const candidate of candidates)
      if (candidate.length === expected.length && timingSafeEqual(candidate, expected))
        return { outcome: 'verified', replayId: replayId(scheme, request, timestamp, expected) };
  }
  return invalid('The signature does not match the body with any valid secret.');
}

function invalid(reason: string): SignatureOutcome {
  return { outcome: 'invalid', reason };
}

/** Null when the scheme has none, or may leave it out and did; undefined when it is missing. */
function readTimestamp(scheme: HmacScheme, request: SignedRequest, header: string): string | null | undefined {
  const { timestamp, list } = scheme;
  if (timestamp === undefined) return null;
  const { from } = timestamp;
  const text =
    'header' in from
      ? headerText(request, from.header)
      : header
          .split(list ?? ',')
          .map((entry) => entry.trim())
          .find((entry) => entry.startsWith(`${from.pair}=`))
          ?.slice(from.pair.length + 1);
  return text ?? (timestamp.optional ? null : undefined);
}

/** Milliseconds from the timestamp to now, negative when it lies ahead. */
function timestampAge(text: string, scheme: HmacScheme, now: number): number | null {
  const unit = scheme.timestamp?.unit ?? 's';
  if (unit === 'iso') {
    const time = text.length > 40 ? NaN : Date.parse(text);
    return Number.isNaN(time) ? null : now - time;
  }
  if (!/^\d{1,16}(\.\d{1,9})?$/.test(text)) return null;
  return now - Number(text) * (unit === 's' ? 1000 : 1);
}

/** A sender that leaves an optional timestamp out signs the body alone. */
function signedParts(scheme: HmacScheme, request: SignedRequest, timestamp: string | null): (string | Buffer)[] | null {
  if (scheme.timestamp?.optional === true && timestamp === null) return [request.body];
  const parts: (string | Buffer)[] = [];
  for (const [index, part] of scheme.signed.entries()) {
    if (index > 0 && scheme.separator !== '') parts.push(scheme.separator);
    if (part === 'body') parts.push(request.body);
    else if (part === 'timestamp') parts.push(timestamp ?? '');
    else if ('literal' in part) parts.push(part.literal);
    else {
      const value = headerText(request, part.header);
      if (value === undefined) return null;
      parts.push(value);
    }
  }
  return parts;
}

function readCandidates(scheme: HmacScheme, header: string): Buffer[] {
  const entries = scheme.list === undefined ? [header] : header.split(scheme.list).slice(0, CANDIDATES);
  return entries.flatMap((entry) => {
    const text = entry.trim();
    if (!text.startsWith(scheme.prefix)) return [];
    const digest = text.slice(scheme.prefix.length);
    const wellFormed = scheme.encoding === 'hex' ? /^[0-9a-f]+$/i : /^[A-Za-z0-9+/]+={0,2}$/;
    return digest.length <= 256 && wellFormed.test(digest) ? [Buffer.from(digest, scheme.encoding)] : [];
  });
}

/** Standard Webhooks: base64 after `whsec_`; a secret that is not is not this scheme's. */
function keyBytes(scheme: HmacScheme, secret: string): Buffer | null {
  if (scheme.key === 'utf8') return Buffer.from(secret, 'utf8');
  const text = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret;
  const key = Buffer.from(text, 'base64');
  return key.length === 0 ? null : key;
}

function replayId(scheme: HmacScheme, request: SignedRequest, timestamp: string | null, digest: Buffer): string | null {
  const id = scheme.idHeader === undefined ? undefined : headerText(request, scheme.idHeader);
  if (id === undefined && timestamp === null) return null;
  return `${id?.slice(0, 128) ?? ''} ${timestamp ?? ''} ${digest.toString('base64')}`;
}
