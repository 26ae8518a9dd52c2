import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GroupRole } from '@patchbay/plugin-sdk/contract/rest/identity';
import type { Integration, RequestDetail } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { eachDatabase } from '../../../test/support/databases.ts';
import { trigger } from '../ingest/test-door.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { openTestManagement, type TestManagement } from './test-management.ts';

const SECRET = 'EXAMPLE-hunter2';
const alert = { ...trigger('with-secret'), monitor: { basic_auth_pass: SECRET } };

eachDatabase('secrets in what came in', (newDatabase) => {
  let store: Store;
  let management: TestManagement;
  let integration: Integration;

  beforeAll(async () => {
    store = await openStore(await newDatabase());
    management = await openTestManagement(store);
    integration = await management.create();
  });
  afterAll(async () => {
    await management.close();
    await store.close();
  });

  const post = async (body: unknown, contentType = 'application/json') => {
    const headers = {
      authorization: `Bearer ${integration.key ?? ''}`,
      'content-type': contentType,
      'x-vault-token': SECRET,
    };
    const answer = (await (await management.send(integration, body, headers)).json()) as {
      requestId?: string;
      error?: { requestId: string };
    };
    return answer.requestId ?? answer.error?.requestId ?? '';
  };
  const read = (id: string, role: GroupRole) =>
    management.call<RequestDetail>('GET', `/api/requests/${id}`, undefined, role);
  const reveal = (id: string, role: GroupRole) =>
    management.call<RequestDetail>('POST', `/api/requests/${id}/reveal`, undefined, role);

  it('are hidden from everybody who just looks', async () => {
    const id = await post(alert);
    for (const role of ['viewer', 'member', 'owner'] as const) {
      const { body } = await read(id, role);
      expect(JSON.stringify(body)).not.toContain(SECRET);
      expect(body).toMatchObject({ redacted: true, headers: { 'x-vault-token': '[redacted]' } });
      expect(body.body).toEqual({ text: JSON.stringify(alert).replace(SECRET, '[redacted]') });
    }
  });

  it('are shown to a member who asks for them, which is written down, and to no viewer', async () => {
    const id = await post(alert);
    expect((await reveal(id, 'viewer')).status).toBe(403);
    const { body } = await reveal(id, 'member');
    expect(body).toMatchObject({ redacted: false, headers: { 'x-vault-token': SECRET } });
    expect(body.body).toEqual({ text: JSON.stringify(alert) });
    const entries = await store.db
      .selectFrom('audit_log')
      .select(['action', 'details'])
      .where('group_id', '=', management.groupId)
      .where('target', '=', id)
      .execute();
    expect(entries).toEqual([{ action: 'request.reveal', details: {} }]);
    expect((await reveal('req_00000000000000000000000000', 'member')).status).toBe(404);
  });

  it('are hidden in bytes that are no text, and what has none is as it came', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`password=${SECRET}\n`), Buffer.from([0xc3])]);
    const id = await post(bytes, 'application/octet-stream');
    const shown = (await read(id, 'viewer')).body.body as { base64: string };
    expect(Buffer.from(shown.base64, 'base64').toString('latin1')).toBe('\xff\xfepassword=[redacted]\n\xc3');
    const plain = await management.send(integration, trigger('plain'));
    const { requestId } = (await plain.json()) as { requestId: string };
    expect((await read(requestId, 'viewer')).body).toMatchObject({
      redacted: false,
      body: { text: JSON.stringify(trigger('plain')) },
    });
  });

  it('are still there when a request is run again', async () => {
    const id = await post(alert);
    const replayed = await management.call<RequestDetail>('POST', `/api/requests/${id}/replay`);
    expect(replayed.body).toMatchObject({ state: 'accepted', redacted: true });
    expect(JSON.stringify(replayed.body)).not.toContain(SECRET);
    expect((await reveal(replayed.body.id, 'member')).body.body).toEqual({ text: JSON.stringify(alert) });
  });
});
