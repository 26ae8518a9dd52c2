import { createHash } from 'node:crypto';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';
import { readDigest } from './digest-text.ts';
import { headerText, invalid, type Invalid, type Replay, type SignedRequest } from './signed-request.ts';

/** Schemes that say which parts of the request are signed; they differ only in the algorithm. */
type SignedTextScheme = Extract<SignatureScheme, { kind: 'hmac' | 'ed25519' | 'ecdsa' }>;

/** Signatures in one header that are looked at; rotation needs two. */
const CANDIDATES = 10;
const ID_CHARS = 128;

export type SignedText =
  | {
      kind: 'read';
      /** What is signed, in order. */
      readonly parts: readonly (string | Buffer)[];
      /** The signatures that the header offers. */
      readonly candidates: readonly Buffer[];
      /** The delivery's name for replay protection, once one of the candidates has been verified. */
      replayOf(signature: Buffer): Replay | null;
    }
  | { kind: 'absent' }
  | { kind: 'invalid'; refusal: Invalid };

/** Reads what is signed and by what, and holds the timestamp to the tolerance. */
export function readSignedText(scheme: SignedTextScheme, request: SignedRequest): SignedText {
  const header = headerText(request, scheme.header);
  if (header === undefined) return { kind: 'absent' };
  const timestamp = readTimestamp(scheme, request, header);
  if (timestamp === undefined) return refuse('The timestamp that is part of the signature is missing.');
  if (timestamp !== null) {
    const age = timestampAge(timestamp, scheme, request.receivedAt);
    if (age === null) return refuse('The timestamp cannot be understood.');
    if (Math.abs(age) > ingestLimits.signatureToleranceMs)
      return refuse(`The timestamp differs from our clock by ${Math.round(Math.abs(age) / 1000)} seconds.`);
  }
  const parts = signedParts(scheme, request, timestamp);
  if (parts === null) return refuse('A header that is part of the signature is missing.');
  const candidates = readCandidates(scheme, header);
  if (candidates.length === 0)
    return refuse(`The header ${scheme.header} does not have the expected form.`, { otherForm: true });
  return { kind: 'read', parts, candidates, replayOf: (signature) => replayOf(scheme, request, timestamp, signature) };
}

function refuse(reason: string, more: Pick<Invalid, 'otherForm'> = {}): SignedText {
  return { kind: 'invalid', refusal: { ...invalid(reason), ...more } };
}

/** Null when the scheme has none, or may leave it out and did; undefined when it is missing. */
function readTimestamp(scheme: SignedTextScheme, request: SignedRequest, header: string): string | null | undefined {
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
function timestampAge(text: string, scheme: SignedTextScheme, now: number): number | null {
  const unit = scheme.timestamp?.unit ?? 's';
  if (unit === 'iso') {
    const time = text.length > 40 ? NaN : Date.parse(text);
    return Number.isNaN(time) ? null : now - time;
  }
  if (!/^\d{1,16}(\.\d{1,9})?$/.test(text)) return null;
  return now - Number(text) * (unit === 's' ? 1000 : 1);
}

/** A sender that leaves an optional timestamp out signs the body alone. */
function signedParts(
  scheme: SignedTextScheme,
  request: SignedRequest,
  timestamp: string | null,
): (string | Buffer)[] | null {
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

function readCandidates(scheme: SignedTextScheme, header: string): Buffer[] {
  const entries = scheme.list === undefined ? [header] : header.split(scheme.list).slice(0, CANDIDATES);
  return entries.flatMap((entry) => {
    const text = entry.trim();
    if (!text.startsWith(scheme.prefix)) return [];
    const digest = readDigest(text.slice(scheme.prefix.length), scheme.encoding);
    return digest === null ? [] : [digest];
  });
}

/**
 * A signed id names the delivery however often it is sent; a signed time makes the signature itself unique. An id that
 * is not signed only tells repetitions of a sender that means well, so it counts together with the signature.
 */
function replayOf(
  scheme: SignedTextScheme,
  request: SignedRequest,
  timestamp: string | null,
  signature: Buffer,
): Replay | null {
  const timed = timestamp !== null && signs(scheme, 'timestamp');
  const { idHeader } = scheme;
  const id = idHeader === undefined ? undefined : headerText(request, idHeader);
  if (idHeader !== undefined && id !== undefined && signs(scheme, idHeader)) return { id: `id ${bounded(id)}`, timed };
  if (timed) return { id: `sig ${signature.toString('base64')}`, timed };
  if (id === undefined) return null;
  return { id: `id ${bounded(id)} ${createHash('sha256').update(signature).digest('base64')}`, timed: false };
}

function bounded(id: string): string {
  return id.length <= ID_CHARS ? id : createHash('sha256').update(id).digest('base64');
}

/** Whether a header, or the timestamp, is among what is signed. */
function signs(scheme: SignedTextScheme, what: string): boolean {
  const { timestamp } = scheme;
  const from = timestamp === undefined || !('header' in timestamp.from) ? null : timestamp.from.header;
  return scheme.signed.some((part) => {
    if (part === 'body') return false;
    if (part === 'timestamp') return what === 'timestamp' || what === from;
    if ('literal' in part) return false;
    return same(part.header, what) || (what === 'timestamp' && from !== null && same(part.header, from));
  });
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
