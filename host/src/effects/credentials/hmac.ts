import { createHmac } from 'node:crypto';
import type { Credential } from '@patchbay/plugin-sdk/contract/credential';
import type { CredentialResult, Means, Outgoing } from './credential-means.ts';

type Hmac = Extract<Credential, { kind: 'hmac' }>;

/** A signature over the parts of the request that the manifest names, with the time if it wants one. */
export function attachHmac(credential: Hmac, { secret, now }: Means, outgoing: Outgoing): CredentialResult {
  const { timestamp } = credential;
  const time = timeText(timestamp?.format ?? 'seconds', now);
  const separator = Buffer.from(credential.separator);
  const signed = credential.parts.flatMap((part, index) => {
    const bytes = partBytes(part, outgoing, time);
    return index === 0 ? [bytes] : [separator, bytes];
  });
  const digest = createHmac(credential.algorithm, secret).update(Buffer.concat(signed)).digest(credential.encoding);
  return {
    ok: true,
    url: outgoing.url.href,
    headers: {
      ...(timestamp === undefined ? {} : { [timestamp.header.toLowerCase()]: time }),
      [credential.header.toLowerCase()]: credential.prefix + digest,
    },
    hidden: [secret],
  };
}

function partBytes(part: Hmac['parts'][number], { url, method, headers, body }: Outgoing, time: string): Buffer {
  if (typeof part === 'object')
    return Buffer.from('text' in part ? part.text : (headers[part.header.toLowerCase()] ?? ''));
  switch (part) {
    case 'method':
      return Buffer.from(method);
    case 'path':
      return Buffer.from(url.pathname);
    case 'query':
      return Buffer.from(url.search.slice(1));
    case 'body':
      return body ?? Buffer.alloc(0);
    case 'timestamp':
      return Buffer.from(time);
  }
}

function timeText(format: 'seconds' | 'milliseconds' | 'iso', now: Date): string {
  if (format === 'iso') return now.toISOString();
  return String(format === 'seconds' ? Math.floor(now.getTime() / 1000) : now.getTime());
}
