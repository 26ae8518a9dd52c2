import { createHmac, createSign, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, globalAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { sign as githubSign } from '@octokit/webhooks-methods';
import { EventWebhook, EventWebhookHeader } from '@sendgrid/eventwebhook';
import { isValidSlackRequest } from '@slack/bolt';
import { verifyKey } from 'discord-interactions';
import { generate } from 'selfsigned';
import SnsValidator from 'sns-validator';
import { Webhook } from 'standardwebhooks';
import { Stripe } from 'stripe';
import twilio from 'twilio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testCertificate, testPrivateKey } from '@patchbay/host/ingest/verification/test-certificate';
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
    const verify = (type: string, signature: string, body: string, at = url): Promise<string> =>
      outcomeOf('twilio', 'token', { 'content-type': type, 'x-twilio-signature': signature }, body, at);
    const fields = { MessageSid: 'SM1', Body: 'Grüße & mehr', To: '+4930123456', ErrorCode: '30003' };
    const signature = twilio.getExpectedTwilioSignature('token', url, fields);
    const form = new URLSearchParams(fields).toString();
    const formType = 'application/x-www-form-urlencoded';
    expect(await verify(formType, signature, form)).toBe('verified');
    expect(await verify(formType, signature, form.replace('30003', '0'))).toBe('invalid');

    const body = '{"CallSid":"CA1"}';
    const signedUrl = `${url}&bodySHA256=${twilio.getExpectedBodyHash(body)}`;
    const overUrl = twilio.getExpectedTwilioSignature('token', signedUrl, {});
    expect(await verify('application/json', overUrl, body, signedUrl)).toBe('verified');
    expect(await verify('application/json', overUrl, `${body} `, signedUrl)).toBe('invalid');
  });
});

/** Libraries that only verify: what is signed here is right for them and for us, and the same changed is for neither. */
describe('signatures that the vendors’ own libraries verify', () => {
  const time = String(NOW / 1000);

  it('of Slack', async () => {
    const slackSays = (headers: Record<string, string>, body: string): boolean =>
      isValidSlackRequest({ signingSecret: 'sig-secret', body, headers: headers as never });
    for (const body of bodies) {
      const signed = (text: string, at = time): Record<string, string> => ({
        'x-slack-request-timestamp': at,
        'x-slack-signature': `v0=${createHmac('sha256', 'sig-secret').update(`v0:${at}:${text}`).digest('hex')}`,
      });
      const old = String(NOW / 1000 - 301);
      for (const [headers, sent, verdict] of [
        [signed(body), body, 'verified'],
        [signed(body), `${body} `, 'invalid'],
        [{ ...signed(body), 'x-slack-request-timestamp': String(NOW / 1000 - 1) }, body, 'invalid'],
        [signed(body, old), body, 'invalid'],
      ] as const)
        expect([slackSays(headers, sent), await outcomeOf('slack', 'sig-secret', headers, sent)]).toEqual([
          verdict === 'verified',
          verdict,
        ]);
    }
  });

  it('of Discord', async () => {
    const keys = generateKeyPairSync('ed25519');
    const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
    for (const body of bodies) {
      const signature = sign(null, Buffer.from(time + body), keys.privateKey).toString('hex');
      const headers = { 'x-signature-ed25519': signature, 'x-signature-timestamp': time };
      for (const [sent, isValid] of [
        [body, true],
        [`${body} `, false],
      ] as const) {
        expect(await verifyKey(sent, signature, time, publicKey)).toBe(isValid);
        expect(await outcomeOf('discord', publicKey, headers, sent)).toBe(isValid ? 'verified' : 'invalid');
      }
    }
  });

  it('of SendGrid', async () => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const library = new EventWebhook();
    for (const body of bodies) {
      const signature = createSign('SHA256')
        .update(time + body)
        .sign(keys.privateKey, 'base64');
      const headers = { [EventWebhookHeader.SIGNATURE()]: signature, [EventWebhookHeader.TIMESTAMP()]: time };
      for (const [sent, isValid] of [
        [body, true],
        [`${body} `, false],
      ] as const) {
        const key = library.convertPublicKeyToECDSA(publicKey);
        expect(library.verifySignature(key, Buffer.from(sent), signature, time)).toBe(isValid);
        expect(await outcomeOf('sendgrid', publicKey, headers, sent)).toBe(isValid ? 'verified' : 'invalid');
      }
    }
  });

  it('of Amazon SNS', async () => {
    const certificates = createServer((_request, response) => response.end(testCertificate));
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keySize: 2048,
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    certificates.setSecureContext({ cert, key });
    await new Promise<void>((resolve) => certificates.listen(0, '127.0.0.1', resolve));
    const trusted = globalAgent.options.ca;
    globalAgent.options.ca = cert;
    onTestFinished(() => {
      globalAgent.options.ca = trusted;
      certificates.close();
    });
    // The library may be told of another host for the certificate, whose URL is not signed.
    const host = `localhost:${(certificates.address() as AddressInfo).port}`;
    const library = new SnsValidator(new RegExp(`^${host}$`), 'utf8');
    const librarySays = (message: object): Promise<boolean> =>
      new Promise((resolve) => {
        const asked = { ...message, SigningCertURL: `https://${host}/cert.pem` };
        library.validate(asked, (error) => resolve(error === null));
      });
    const amazon = createVendorVerifiers(() => Promise.resolve({ status: 200, body: Buffer.from(testCertificate) }));
    const weSay = async (message: object): Promise<string> => {
      const body = Buffer.from(JSON.stringify(message));
      const receivedAt = Date.parse('2030-01-01T00:00:00Z');
      const request = { headers: {}, body, receivedAt, url: 'https://patchbay.example.com/', settings: {} };
      const { signatures } = pluginManifest('cloudwatch').authentication;
      return (await verifySignature(signatures, request, [], amazon)).outcome;
    };
    const topic = 'arn:aws:sns:eu-west-1:111122223333:alarms';
    const notification = { Message: 'Grüße 🚨', MessageId: 'm-1', Subject: 'S', Timestamp: 'T', TopicArn: topic };
    const { Subject: _subject, ...unnamed } = notification;
    const confirmation = {
      ...unnamed,
      SubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=t`,
      Token: 't',
    };
    for (const SignatureVersion of ['1', '2'])
      for (const fields of [
        { ...notification, Type: 'Notification' },
        { ...unnamed, Type: 'Notification' },
        { ...confirmation, Type: 'SubscriptionConfirmation' },
      ]) {
        const text = Object.entries(fields)
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, value]) => `${name}\n${value}\n`)
          .join('');
        const message = {
          ...fields,
          SignatureVersion,
          SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/cert.pem',
          Signature: createSign(SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
            .update(text)
            .sign(testPrivateKey, 'base64'),
        };
        expect([await librarySays(message), await weSay(message)]).toEqual([true, 'verified']);
        const changed = { ...message, Message: 'Grüße' };
        expect([await librarySays(changed), await weSay(changed)]).toEqual([false, 'invalid']);
      }
  });
});
