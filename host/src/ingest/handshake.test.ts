import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { manifestSchema } from '@patchbay/plugin-sdk/contract/manifest';
import { pgliteDatabases } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestDoor, type TestDoor, type TestIntegration } from './test-door.ts';
import { testCertificate, testPrivateKey } from './verification/test-certificate.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alarms';
const SUBSCRIBE = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=abc123`;
const newDatabase = pgliteDatabases();
let store: Store;
let door: TestDoor;
const fetched: string[] = [];
let confirmStatus = 200;
/** How Amazon answers for its certificate; null when it cannot be reached. */
let certificateStatus: number | null = 200;

beforeAll(async () => {
  store = await openStore(await newDatabase());
  door = await openTestDoor(store, {
    fetchPinned: (url) => {
      fetched.push(url);
      if (url.endsWith('.pem') && certificateStatus === null) return Promise.reject(new Error('no route'));
      return Promise.resolve(
        url.endsWith('.pem')
          ? { status: certificateStatus ?? 0, body: Buffer.from(testCertificate) }
          : { status: confirmStatus, body: Buffer.alloc(0) },
      );
    },
  });
});
afterAll(async () => {
  await door.close();
  await store.close();
});

const confirmation = (subscribeUrl = SUBSCRIBE): string =>
  signed({
    Message: 'You have chosen to subscribe',
    MessageId: 'm-1',
    SubscribeURL: subscribeUrl,
    Timestamp: '2026-01-01T00:00:00.000Z',
    Token: 'abc123',
    TopicArn: TOPIC,
    Type: 'SubscriptionConfirmation',
  });
const notification = (messageId: string, topicArn: string): string =>
  signed({
    Message: 'An alarm',
    MessageId: messageId,
    Timestamp: '2026-01-01T00:00:00.000Z',
    TopicArn: topicArn,
    Type: 'Notification',
  });

/** @param fields in the order in which they are signed */
function signed(fields: Record<string, string>): string {
  const text = Object.entries(fields)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
  return JSON.stringify({
    ...fields,
    SignatureVersion: '2',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/cert.pem',
    Signature: createSign('RSA-SHA256').update(text).sign(testPrivateKey, 'base64'),
  });
}
/** What the shipped plugin of CloudWatch declares: schemes, handshake and settings. */
const shipped = manifestSchema.parse(
  JSON.parse(readFileSync(new URL('../../../plugins/cloudwatch/plugin.json', import.meta.url), 'utf8')),
);
const manifest = { authentication: shipped.authentication, configuration: shipped.configuration };
const send = (integration: TestIntegration, body: string, key: string | null) =>
  fetch(door.url + integration.path + (key === null ? '' : `&key=${key}`), {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain; charset=UTF-8' },
  });
const confirmed = () => fetched.filter((url) => !url.endsWith('.pem'));
const requestsOf = (integration: TestIntegration) =>
  store.db.selectFrom('requests').selectAll().where('group_id', '=', integration.groupId).execute();

it('confirms a subscription that is signed and comes with the key, and records it', async () => {
  const integration = await door.addIntegration({ manifest });
  expect((await send(integration, confirmation(), integration.key)).status).toBe(200);
  expect(confirmed()).toEqual([SUBSCRIBE]);
  expect(await requestsOf(integration)).toMatchObject([{ state: 'ignored', reason: 'Subscription confirmed' }]);
});

it('does nothing for a topic of a stranger: Amazon signs for everybody', async () => {
  fetched.length = 0;
  const integration = await door.addIntegration({ manifest });
  expect((await send(integration, confirmation(), null)).status).toBe(401);
  expect(confirmed()).toEqual([]);
  const pinned = await door.addIntegration({ manifest, settings: { topicArn: TOPIC } });
  expect((await send(pinned, confirmation(), null)).status).toBe(200);
  expect(confirmed()).toEqual([SUBSCRIBE]);
});

it('asks the sender to try again while the certificate cannot be fetched: Amazon repeats nothing that is answered 4xx', async () => {
  const certificateAt = (name: string) => notification(`c-${name}`, TOPIC).replace('cert.pem', `${name}.pem`);
  const integration = await door.addIntegration({
    manifest,
    plugin: () => ({ outcome: 'ignored', reason: 'An alarm.' }),
  });
  onTestFinished(() => void (certificateStatus = 200));
  for (const status of [null, 503, 429]) {
    certificateStatus = status;
    const answer = await send(integration, certificateAt(`down-${status}`), integration.key);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    expect(await answer.json()).toMatchObject({ error: { code: 'SIGNATURE_UNCHECKED' } });
  }
  // What is not there was never Amazon's.
  certificateStatus = 404;
  expect((await send(integration, certificateAt('none'), integration.key)).status).toBe(401);
});

it('lets a signature of a named topic stand in for the key, and refuses other topics even with it', async () => {
  const plugin = () => ({ outcome: 'ignored', reason: 'An alarm.' }) as const;
  const other = TOPIC.replace('alarms', 'others');
  const third = TOPIC.replace('alarms', 'third');
  const named = await door.addIntegration({ plugin, manifest, settings: { topicArn: `${TOPIC}, ${third}` } });
  expect((await send(named, notification('n-1', TOPIC), null)).status).toBe(202);
  expect((await send(named, notification('n-2', third), null)).status).toBe(202);
  const elsewhere = await send(named, notification('n-3', other), named.key);
  expect([elsewhere.status, await elsewhere.text()]).toEqual([401, expect.stringContaining(other)]);
  const forged = notification('n-4', TOPIC).replace('An alarm', 'A alarm');
  expect((await send(named, forged, null)).status).toBe(401);
  expect((await send(named, '{"AlarmName":"raw delivery"}', null)).status).toBe(401);
  const unnamed = await door.addIntegration({ plugin, manifest });
  expect((await send(unnamed, notification('n-5', TOPIC), null)).status).toBe(401);
  expect((await send(unnamed, notification('n-6', TOPIC), unnamed.key)).status).toBe(202);
  expect((await send(unnamed, notification('n-7', other), unnamed.key)).status).toBe(202);
});

it('visits no address but the confirmation of this topic', async () => {
  for (const url of [
    'https://evil.example/?Action=ConfirmSubscription',
    'https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic&TopicArn=x&Token=abc123',
    SUBSCRIBE.replace('alarms', 'other'),
  ]) {
    fetched.length = 0;
    const integration = await door.addIntegration({ manifest });
    expect((await send(integration, confirmation(url), integration.key)).status).toBe(200);
    expect(confirmed()).toEqual([]);
    expect((await requestsOf(integration))[0]?.reason).toMatch(/not confirmed/);
  }
});

it('has Amazon ask again when the confirmation failed', async () => {
  confirmStatus = 500;
  const integration = await door.addIntegration({ manifest });
  const response = await send(integration, confirmation(), integration.key);
  expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('HANDSHAKE_FAILED')]);
  confirmStatus = 200;
  expect((await send(integration, confirmation(), integration.key)).status).toBe(200);
});
