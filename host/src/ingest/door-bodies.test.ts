import { createHmac } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestInput } from '@patchbay/plugin-sdk/contract/envelopes';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import { pgliteDatabases } from '../../../test/support/databases.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestDoor, trigger, type TestDoor } from './test-door.ts';

const newDatabase = pgliteDatabases();
let store: Store;
let door: TestDoor;
const seen: IngestInput['request'][] = [];
const plugin = (input: IngestInput) => {
  seen.push(input.request);
  return { outcome: 'ignored' as const, reason: 'Only to see the request.' };
};
const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: { code: string } }).error.code;

beforeAll(async () => {
  store = await openStore(await newDatabase());
  door = await openTestDoor(store);
});
afterAll(async () => {
  await door.close();
  await store.close();
});

describe('a packed body', () => {
  const text = JSON.stringify(trigger('packed', 'Größe'));
  const packings: [string, Buffer][] = [
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
  ];

  it('is unpacked for the plugin and for the log', async () => {
    const integration = await door.addIntegration({ plugin });
    for (const [encoding, body] of packings) {
      const response = await door.post(integration, body, { headers: { 'content-encoding': encoding } });
      expect([encoding, response.status]).toEqual([encoding, 202]);
      const request = seen.pop();
      expect([encoding, request?.body]).toEqual([encoding, { text }]);
      if (encoding !== 'identity') expect(request?.headers['content-encoding']).toBeUndefined();
    }
    const [stored] = await store.db
      .selectFrom('requests')
      .select('body')
      .where('group_id', '=', integration.groupId)
      .execute();
    expect(Buffer.from(stored?.body ?? []).toString()).toBe(text);
  });

  it('may be signed as it was packed or as it was sent', async () => {
    const integration = await door.addIntegration({ plugin, secret: 'k-secret' });
    const body = gzipSync(text);
    const sign = (bytes: string | Buffer): string => createHmac('sha256', 'k-secret').update(bytes).digest('hex');
    const send = (signature: string) =>
      fetch(door.url + integration.path, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-signature': signature },
      });
    expect((await send(sign(text))).status).toBe(202);
    expect((await send(sign(body))).status).toBe(202);
    expect((await send(sign(`${text} `))).status).toBe(401);
  });

  it('is refused when it unpacks to too much, to nothing, or twice', async () => {
    const integration = await door.addIntegration({ plugin });
    const post = async (body: Buffer, encoding: string): Promise<[number, string]> => {
      const response = await door.post(integration, body, { headers: { 'content-encoding': encoding } });
      return [response.status, await codeOf(response)];
    };
    const zeros = (bytes: number): Buffer => Buffer.alloc(bytes, '0');
    expect(await post(gzipSync(zeros(ingestLimits.bodyBytes + 1)), 'gzip')).toEqual([413, 'BODY_TOO_LARGE']);
    expect(await post(gzipSync(zeros(300 * 1024 * 1024)), 'gzip')).toEqual([413, 'BODY_TOO_LARGE']);
    expect(await post(deflateSync(zeros(ingestLimits.bodyBytes - 1)), 'deflate')).toEqual([413, 'BODY_TOO_LARGE']);
    expect(await post(Buffer.from(text), 'gzip')).toEqual([400, 'BODY_INVALID']);
    expect(await post(gzipSync(text).subarray(0, 30), 'gzip')).toEqual([400, 'BODY_INVALID']);
    expect(await post(gzipSync(gzipSync(text)), 'gzip, gzip')).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(await post(Buffer.from(text), 'compress')).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });
});

it('hands on every content type that a plugin can read', async () => {
  const integration = await door.addIntegration({ plugin });
  const statusOf = async (type: string): Promise<number> =>
    (await door.post(integration, '{}', { headers: { 'content-type': type } })).status;
  for (const type of [
    'application/xml',
    'text/xml; charset=utf-8',
    'application/soap+xml',
    'application/x-ndjson',
    'application/jsonl',
    'application/cloudevents-batch+json',
    'multipart/form-data; boundary=x',
    'application/vnd.unknown.v1',
    'application/octet-stream',
    'application/x-yaml',
    'json',
  ])
    expect([type, await statusOf(type)]).toEqual([type, 202]);
  for (const type of ['image/png', 'video/mp4', 'application/zip', 'application/x-protobuf', 'application/pdf'])
    expect([type, await statusOf(type)]).toEqual([type, 415]);
});
