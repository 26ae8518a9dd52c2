import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { startedHostData } from '../support/databases.ts';
import { startHost, type HostProcess } from '../support/host-process.ts';

const SECRET = 'sesame-sesame';
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:alarms';

describe('what an operator says of signatures, in a running host with the shipped plugins', () => {
  const newHostData = startedHostData();
  let host: HostProcess;
  beforeAll(async () => {
    host = await startHost(await newHostData());
  });
  afterAll(async () => void (await host.stop()));

  const create = (input: object): Promise<Response> =>
    host.request('/api/integrations', { body: { name: 'T', signatureSecret: SECRET, ...input } });
  async function created(input: object): Promise<Integration> {
    const response = await create(input);
    expect(response.status, await response.clone().text()).toBe(201);
    return (await response.json()) as Integration;
  }
  async function change(integration: Integration, patch: object): Promise<Integration> {
    const response = await host.request(`/api/integrations/${integration.id}`, { method: 'PATCH', body: patch });
    expect(response.status, await response.clone().text()).toBe(200);
    return (await response.json()) as Integration;
  }
  /** Without the key: only a signature opens the door. */
  async function post({ url }: Integration, body: string, headers: Record<string, string>): Promise<string> {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    const { error } = (await response.json()) as { error?: { code: string } };
    return error === undefined ? String(response.status) : `${response.status} ${error.code}`;
  }
  const alert = (key: string): string =>
    JSON.stringify({
      event_action: 'trigger',
      dedup_key: key,
      payload: { summary: 'Disk full', source: 'db-1', severity: 'critical' },
    });
  const now = (): number => Math.floor(Date.now() / 1000);

  it('takes the topic of CloudWatch', async () => {
    const integration = await created({ type: 'cloudwatch', settings: { topicArn: TOPIC } });
    expect(integration.settings).toMatchObject({ topicArn: TOPIC });
    expect((await create({ type: 'cloudwatch', settings: { topic: TOPIC } })).status).toBe(400);
  });

  it('takes a bare digest at a webhook', async () => {
    const integration = await created({ type: 'webhook' });
    const digest = createHmac('sha256', SECRET).update(alert('bare')).digest('hex');
    expect(await post(integration, alert('bare'), { 'x-signature': digest })).toBe('202');
    expect(await post(integration, alert('bare'), { 'x-signature': `sha256=${digest}` })).toBe('202');
    expect(await post(integration, alert('other'), { 'x-signature': digest })).toBe('401 SIGNATURE_INVALID');
  });

  it('takes a form of signature of the operator’s own, and no other then', async () => {
    const ownSignature = {
      header: 'X-Acme-Hmac',
      hash: 'sha512',
      encoding: 'base64',
      prefix: 'v0=',
      signed: 'v0:{timestamp}:{x-acme-id}:{body}',
      timestampHeader: 'X-Acme-Time',
    };
    for (const type of ['webhook', 'statuspage']) {
      const integration = await created({ type, ownSignature });
      expect(integration.signature.own).toEqual({ ...ownSignature, timestampUnit: 's' });
      const body = alert(type);
      const sign = (time: number, id: string): Record<string, string> => ({
        'x-acme-hmac': `v0=${createHmac('sha512', SECRET).update(`v0:${time}:${id}:${body}`).digest('base64')}`,
        'x-acme-time': String(time),
        'x-acme-id': id,
      });
      // A plugin may find no sense in the body; the door has then opened all the same.
      const opened = /^(202|400 PAYLOAD_INVALID)$/;
      expect(await post(integration, body, sign(now(), 'd-1'))).toMatch(opened);
      expect(await post(integration, `${body} `, sign(now(), 'd-1'))).toBe('401 SIGNATURE_INVALID');
      expect(await post(integration, body, { ...sign(now(), 'd-1'), 'x-acme-id': 'd-2' })).toBe(
        '401 SIGNATURE_INVALID',
      );
      expect(await post(integration, body, sign(now() - 301, 'd-1'))).toBe('401 SIGNATURE_INVALID');
      const generic = { 'x-signature': createHmac('sha256', SECRET).update(body).digest('hex') };
      expect(await post(integration, body, generic)).toBe('401 KEY_INVALID');
      const back = await change(integration, { ownSignature: null });
      expect(back.signature.own).toBeNull();
      expect(await post(integration, body, generic)).toMatch(opened);
    }
  });

  it('refuses a form of signature that does not cover the body, or lacks its timestamp', async () => {
    const wrong = [
      { header: 'X-Sig', signed: '{timestamp}', timestampHeader: 'X-Time' },
      { header: 'X-Sig', signed: '{timestamp}.{body}' },
      { header: 'X-Sig', timestampHeader: 'X-Time' },
      { header: 'X-Sig', signed: '{body}{' },
      { header: 'X Sig' },
      { header: 'X-Sig', hash: 'md5' },
    ];
    for (const ownSignature of wrong) {
      const response = await create({ type: 'webhook', ownSignature });
      const text = await response.text();
      expect([response.status, text]).toEqual([400, expect.stringContaining('ownSignature.')]);
    }
  });

  it('takes the headers that Grafana was told to use', async () => {
    const settings = { signatureHeader: 'X-Our-Signature', timestampHeader: 'X-Our-Time' };
    const integration = await created({ type: 'grafana', settings });
    const body = JSON.stringify({ receiver: 'p', status: 'firing', alerts: [], orgId: 1, version: '1' });
    const sign = (time: number | null): Record<string, string> => {
      const text = time === null ? body : `${time}:${body}`;
      return {
        'x-our-signature': createHmac('sha256', SECRET).update(text).digest('hex'),
        ...(time === null ? {} : { 'x-our-time': String(time) }),
      };
    };
    expect(await post(integration, body, sign(now()))).toBe('202');
    expect(await post(integration, body, sign(null))).toBe('202');
    expect(await post(integration, body, sign(now() - 301))).toBe('401 SIGNATURE_INVALID');
    const unsaid = { 'x-grafana-alerting-signature': sign(null)['x-our-signature'] ?? '' };
    expect(await post(integration, body, unsaid)).toBe('401 KEY_INVALID');
    const back = await change(integration, { settings: {} });
    expect(await post(back, body, unsaid)).toBe('202');
  });
});
