import { webhookInputSchema } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { describe, expect, test } from 'vitest';
import { webhookDraft, webhookInput, webhookIssues } from './webhook-draft.ts';

const good = { ...webhookDraft(), name: ' Status page ', url: 'https://status.example.com/in ' };

describe('a webhook being written', () => {
  test('what the form accepts, the contract accepts', () => {
    const draft = {
      ...good,
      headers: [
        { key: 'X-Team', value: 'sre' },
        { key: '', value: '' },
      ],
      maxAttempts: '3',
    };
    expect(webhookIssues(draft)).toEqual({});
    expect(webhookInputSchema.parse(webhookInput(draft))).toMatchObject({
      name: 'Status page',
      url: 'https://status.example.com/in',
      headers: { 'X-Team': 'sre' },
      maxAttempts: 3,
      filter: { changeTypes: [], severities: [] },
    });
  });

  test.each(['', 'status.example.com', 'ftp://example.com', 'https://'])('refuses the address %j', (url) => {
    expect(webhookIssues({ ...good, url })).toHaveProperty('url');
  });

  test.each([
    [[{ key: 'Bad Name', value: 'x' }], /no header name/],
    [[{ key: 'Webhook-Signature', value: 'x' }], /written by Patchbay/],
    [
      [
        { key: 'X-A', value: '1' },
        { key: 'x-a', value: '2' },
      ],
      /twice/,
    ],
  ])('refuses the headers %j', (headers, message) => {
    expect(webhookIssues({ ...good, headers }).headers).toMatch(message);
  });

  test.each([0, 21, '1.5', 'x'])('refuses %j attempts', (maxAttempts) => {
    expect(webhookIssues({ ...good, maxAttempts })).toHaveProperty('maxAttempts');
  });
});
