import { isUtf8 } from 'node:buffer';

/** Two header names that are not sent: what PDKs have no field for. */
const CREDENTIAL = 'patchbay-credential';
const REPEATABLE = 'patchbay-repeatable';

/**
 * An HttpAsk of contract/journal.ts from what a PDK hands to http_request: JSON with `url`, `method` and `headers`
 * (`header` in old ones). Undefined when it is not that; whether the request may be made is for others to say.
 */
export function httpAskOf(text: string, body: Uint8Array | undefined): object | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const own = (name: string): unknown => (Object.hasOwn(read, name) ? Reflect.get(read, name) : undefined);
  const url = own('url');
  const method = own('method') ?? 'GET';
  const given = own('headers') ?? own('header') ?? {};
  if (typeof url !== 'string' || typeof method !== 'string' || typeof given !== 'object') return undefined;
  const headers = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const credential = headers.get(CREDENTIAL) ?? null;
  const repeatable = headers.get(REPEATABLE) === 'true';
  headers.delete(CREDENTIAL);
  headers.delete(REPEATABLE);
  const verb = method.toUpperCase();
  return {
    url,
    method: verb,
    headers: Object.fromEntries([...headers].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    body: body === undefined || verb === 'GET' || verb === 'HEAD' ? null : wireBody(body),
    credential,
    repeatable,
  };
}

function wireBody(bytes: Uint8Array): { text: string } | { base64: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isUtf8(buffer) ? { text: buffer.toString('utf8') } : { base64: buffer.toString('base64') };
}
