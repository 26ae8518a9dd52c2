/** Code for the receiver that checks a delivery by Standard Webhooks; the secret is read from the environment. */
export const verificationSnippet = `import { createHmac, timingSafeEqual } from 'node:crypto';

// PATCHBAY_SECRET is the secret above, whsec_ included.
const key = Buffer.from(process.env.PATCHBAY_SECRET.slice('whsec_'.length), 'base64');

/** headers: as received, lower-case names; body: the raw text, before JSON.parse. */
export function isFromPatchbay(headers, body) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (!id || !timestamp) return false;
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!(age < 300)) return false; // older than 5 minutes: a replay

  const expected = createHmac('sha256', key).update(id + '.' + timestamp + '.' + body).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice(3), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}
`;
