import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { verificationSnippet } from '../src/webhooks/verification-snippet.ts';

const secret = `whsec_${Buffer.from('a key of the test, 24 by').toString('base64')}`;

/** Standard Webhooks, written apart from the snippet: https://www.standardwebhooks.com */
function signed(body: string, at: number) {
  const key = Buffer.from(secret.slice(6), 'base64');
  const signature = createHmac('sha256', key).update(`msg_1.${at}.${body}`).digest('base64');
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': String(at), 'webhook-signature': `v1,AAAA v1,${signature}` };
}

test('the snippet that is shown accepts a signed delivery and nothing else', async () => {
  process.env['PATCHBAY_SECRET'] = secret;
  const source = `data:text/javascript;base64,${Buffer.from(verificationSnippet).toString('base64')}`;
  const { isFromPatchbay } = (await import(/* @vite-ignore */ source)) as {
    isFromPatchbay: (headers: Record<string, string>, body: string) => boolean;
  };
  const now = Math.floor(Date.now() / 1000);
  expect(isFromPatchbay(signed('{"a":1}', now), '{"a":1}')).toBe(true);
  expect(isFromPatchbay(signed('{"a":1}', now), '{"a":2}')).toBe(false);
  expect(isFromPatchbay(signed('{"a":1}', now - 301), '{"a":1}')).toBe(false);
  expect(isFromPatchbay({}, '{"a":1}')).toBe(false);
  expect(isFromPatchbay({ ...signed('x', now), 'webhook-signature': 'v1,' }, 'x')).toBe(false);
});
