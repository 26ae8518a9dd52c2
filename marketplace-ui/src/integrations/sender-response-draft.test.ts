import { expect, test } from 'vitest';
import { readSenderResponse, senderResponseDraft } from './sender-response-draft.ts';

test('without an answer of one’s own there is none', () => {
  expect(readSenderResponse(senderResponseDraft(null))).toEqual({ ok: true, response: null });
});

test('an answer comes back as it was saved', () => {
  const response = {
    status: 200,
    contentType: 'application/json',
    body: '{"ok":true}',
    headers: { 'x-ack': 'a: b', 'x-custom-team': 'on call' },
  } as const;
  expect(readSenderResponse(senderResponseDraft(response))).toEqual({ ok: true, response });
});

test('names are lower case, and 204 has no body', () => {
  const draft = {
    ...senderResponseDraft(null),
    own: true,
    status: '204',
    body: 'left over',
    headers: ' X-Ack : yes\n\n',
  };
  expect(readSenderResponse({ ...draft, headers: 'X-Ack: yes\n\n' })).toMatchObject({
    ok: true,
    response: { status: 204, body: '', headers: { 'x-ack': 'yes' } },
  });
  expect(readSenderResponse(draft)).toMatchObject({
    ok: false,
    issues: { headers: expect.stringContaining('X-Ack') as string },
  });
});

test('what the host would refuse is named beside its field', () => {
  const draft = {
    ...senderResponseDraft(null),
    own: true,
    contentType: 'application/json',
    body: '{',
    headers: 'set-cookie: a=b',
  };
  const read = readSenderResponse(draft);
  expect(read).toMatchObject({
    ok: false,
    issues: { body: 'Expected JSON.', headers: expect.stringMatching(/^set-cookie: /) as string },
  });
});
