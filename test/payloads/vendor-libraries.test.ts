import { sign as githubSign } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import { Stripe } from 'stripe';
import twilio from 'twilio';
import { describe, expect, it } from 'vitest';
import { createVendorVerifiers } from '@patchbay/host/ingest/verification/vendor-verifiers';
import { verifySignature } from '@patchbay/host/ingest/verification/verify-signature';
import { pluginManifest } from '../plugins/plugin-run.ts';

/** What the vendors' own libraries sign is verified by what the first-party plugins declare. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
const vendors = createVendorVerifiers(() => Promise.reject(new Error('no network')));
const bodies = ['{}', '{"text":"Grüße 🚨\\n","n":1.0}', JSON.stringify({ pad: 'x'.repeat(20_000) })];

async function outcomeOf(
  plugin: string,
  secret: string,
  headers: Record<string, string>,
  body: string,
  url = 'https://patchbay.example.com/api/integrations/x',
): Promise<string> {
  const { signatures } = pluginManifest(plugin).authentication;
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const request = { headers: lower, body: Buffer.from(body), receivedAt: NOW, url, settings: {} };
  return (await verifySignature(signatures, request, [secret], vendors)).outcome;
}

describe('signatures made by the vendors’ own libraries', () => {
  it('of GitHub', async () => {
    for (const body of bodies) {
      const headers = { 'X-Hub-Signature-256': await githubSign('s3cret', body), 'X-GitHub-Delivery': 'd1' };
      expect(await outcomeOf('github', 's3cret', headers, body)).toBe('verified');
      expect(await outcomeOf('github', 's3cret', headers, `${body} `)).toBe('invalid');
    }
  });

  it('of Stripe', async () => {
    const stripe = new Stripe('sk_test_123');
    for (const payload of bodies) {
      const header = (timestamp: number): Record<string, string> => ({
        'Stripe-Signature': stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_test', timestamp }),
      });
      expect(await outcomeOf('stripe', 'whsec_test', header(NOW / 1000), payload)).toBe('verified');
      expect(await outcomeOf('stripe', 'whsec_test', header(NOW / 1000), `${payload} `)).toBe('invalid');
      expect(await outcomeOf('stripe', 'whsec_test', header(NOW / 1000 - 301), payload)).toBe('invalid');
    }
  });

  it('of Standard Webhooks, as GitLab and Supabase use them', async () => {
    const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
    for (const body of bodies) {
      const signature = new Webhook(secret).sign('msg_1', new Date(NOW), body);
      const headers = {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(NOW / 1000),
        'webhook-signature': signature,
      };
      for (const plugin of ['gitlab', 'supabase', 'webhook'])
        expect([plugin, await outcomeOf(plugin, secret, headers, body)]).toEqual([plugin, 'verified']);
      expect(await outcomeOf('supabase', `v1,${secret}`, headers, body)).toBe('verified');
      expect(await outcomeOf('gitlab', secret, { ...headers, 'webhook-id': 'msg_2' }, body)).toBe('invalid');
    }
  });

  it('of Twilio, over fields and over JSON', async () => {
    const url = 'https://patchbay.example.com/api/integrations/twilio?integrationId=int_1&key=pbk_1';
    const signatures = [{ kind: 'url-hmac', header: 'X-Twilio-Signature', bodyDigest: 'bodySHA256' }];
    const scheme = signatures[0] as never;
    const verify = async (headers: Record<string, string>, body: string, at = url): Promise<string> => {
      const request = { headers, body: Buffer.from(body), receivedAt: NOW, url: at, settings: {} };
      return (
        await verifySignature(
          [{ hash: 'sha1', encoding: 'base64', ...(scheme as object) } as never],
          request,
          ['token'],
          vendors,
        )
      ).outcome;
    };
    const fields = { MessageSid: 'SM1', Body: 'Grüße & mehr', To: '+4930123456', ErrorCode: '30003' };
    const formType = { 'content-type': 'application/x-www-form-urlencoded' };
    const signature = twilio.getExpectedTwilioSignature('token', url, fields);
    const form = new URLSearchParams(fields).toString();
    expect(await verify({ ...formType, 'x-twilio-signature': signature }, form)).toBe('verified');
    expect(await verify({ ...formType, 'x-twilio-signature': signature }, form.replace('30003', '0'))).toBe('invalid');

    const body = '{"CallSid":"CA1"}';
    const signedUrl = `${url}&bodySHA256=${twilio.getExpectedBodyHash(body)}`;
    const header = { 'x-twilio-signature': twilio.getExpectedTwilioSignature('token', signedUrl, {}) };
    expect(await verify({ ...header, 'content-type': 'application/json' }, body, signedUrl)).toBe('verified');
    expect(await verify({ ...header, 'content-type': 'application/json' }, `${body} `, signedUrl)).toBe('invalid');
  });
});
