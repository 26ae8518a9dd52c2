import { z } from 'zod';

/**
 * Ids name their kind and sort by creation time: a prefix, an underscore, then 48 bits of milliseconds and
 * 80 random bits in 26 characters of
 * Crockford base32 (`inc_01jd...`).
 */
export const idPrefixes = {
  group: 'grp',
  user: 'usr',
  service: 'svc',
  installation: 'ins',
  integration: 'int',
  request: 'req',
  event: 'evt',
  incident: 'inc',
  change: 'chg',
  destination: 'dst',
  subscription: 'sub',
  delivery: 'dlv',
  secret: 'sec',
  token: 'tok',
  audit: 'aud',
  submission: 'sbm',
  report: 'rpt',
} as const;

export type IdKind = keyof typeof idPrefixes;

/** A string that is known to be the id of one kind of thing. */
export type Id<K extends IdKind> = string & { readonly __id: K };

export type GroupId = Id<'group'>;
export type UserId = Id<'user'>;
export type ServiceId = Id<'service'>;
export type InstallationId = Id<'installation'>;
export type IntegrationId = Id<'integration'>;
export type RequestId = Id<'request'>;
export type EventId = Id<'event'>;
export type IncidentId = Id<'incident'>;
export type DestinationId = Id<'destination'>;
export type SubscriptionId = Id<'subscription'>;
export type DeliveryId = Id<'delivery'>;

const ID_BODY = /^[0-9a-hjkmnp-tv-z]{26}$/;

/** True when the text is an id of that kind; nothing is said about whether it exists. */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  const prefix = `${idPrefixes[kind]}_`;
  return text.startsWith(prefix) && ID_BODY.test(text.slice(prefix.length));
}

/** A zod schema for ids of one kind, for use at the door. */
export function idSchema<K extends IdKind>(kind: K): z.ZodType<Id<K>, string> {
  return z
    .string()
    .refine((text) => isId(kind, text), `Expected an id that starts with "${idPrefixes[kind]}_"`)
    .transform((text) => text as Id<K>);
}

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A new id: 48 bits of milliseconds, then 80 random bits, so ids of one process sort by time to the millisecond.
 *
 * @param kind what the id names
 * @param nowMs milliseconds since the epoch
 * @param random fills the array with random bytes (`crypto.getRandomValues` fits)
 */
export function newId<K extends IdKind>(
  kind: K,
  nowMs: number = Date.now(),
  random: (bytes: Uint8Array) => unknown = drawRandom,
): Id<K> {
  const bytes = new Uint8Array(10);
  random(bytes);
  let text = '';
  let time = nowMs;
  for (let i = 0; i < 10; i++) {
    text = CROCKFORD[time % 32] + text;
    time = Math.floor(time / 32);
  }
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += CROCKFORD[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return `${idPrefixes[kind]}_${text}` as Id<K>;
}

/** Random bytes at hand: asking the system for ten bytes costs as much as for a thousand. */
const pool = new Uint8Array(1000);
let drawn = pool.length;

function drawRandom(bytes: Uint8Array): void {
  if (drawn + bytes.length > pool.length) {
    globalThis.crypto.getRandomValues(pool);
    drawn = 0;
  }
  bytes.set(pool.subarray(drawn, drawn + bytes.length));
  drawn += bytes.length;
}
