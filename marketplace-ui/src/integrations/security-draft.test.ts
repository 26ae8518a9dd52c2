import { describe, expect, test } from 'vitest';
import { firstOwnSignature, ownSignatureIssues } from './own-signature-draft.ts';
import { securityDraft, securityInput, securityIssues } from './security-draft.ts';

describe('who may post to an integration', () => {
  test('starts open to every address, 100 requests a minute', () => {
    expect(securityInput(securityDraft())).toEqual({
      signatureRequired: false,
      ownSignature: null,
      ipAllow: [],
      ipDeny: [],
      publishedOnly: false,
      ratePerMinute: 100,
      burst: null,
    });
    expect(securityIssues(securityDraft(), false, true)).toEqual({});
  });

  test('takes addresses and networks, one per line or with commas', () => {
    const draft = { ...securityDraft(), ipAllow: ' 192.0.2.7\n2001:db8::/32, 198.51.100.0/24\n\n' };
    expect(securityIssues(draft, false, true)).toEqual({});
    expect(securityInput(draft).ipAllow).toEqual(['192.0.2.7', '2001:db8::/32', '198.51.100.0/24']);
  });

  test.each(['192.0.2.256', '192.0.2.0/33', 'example.com', '2001:db8::/129', '10.0.0.0/8/8', '192.0.2'])(
    'names %s as no address',
    (line) => {
      expect(securityIssues({ ...securityDraft(), ipAllow: line }, false, true).ipAllow).toContain(line);
      expect(securityIssues({ ...securityDraft(), ipDeny: line }, false, true)).toEqual({
        ipDeny: expect.stringContaining(line) as string,
      });
    },
  );

  test('a required signature needs a secret from somewhere', () => {
    const draft = { ...securityDraft(), signatureRequired: true };
    expect(securityIssues(draft, false, true).signatureSecret).toMatch(/every request would be refused/);
    expect(securityIssues(draft, true, true)).toEqual({});
    expect(securityIssues({ ...draft, removeSecret: true }, true, true).signatureSecret).toBeDefined();
    expect(securityIssues(draft, false, false)).toEqual({});
    expect(securityIssues({ ...draft, signatureSecret: 'short' }, false, true).signatureSecret).toMatch(/8 characters/);
  });

  test('takes a form of signature that is complete, and says by field what is not', () => {
    const own = { ...firstOwnSignature, timestampHeader: 'X-Time', signed: '{timestamp}.{body}' };
    const draft = { ...securityDraft(), ownSignature: own };
    expect(securityIssues(draft, true, true)).toEqual({});
    expect(securityInput(draft).ownSignature).toEqual(own);
    expect(securityInput({ ...draft, ownSignature: firstOwnSignature }).ownSignature?.timestampHeader).toBeNull();
    expect(
      securityIssues({ ...draft, ownSignature: { ...own, header: 'X Y' } }, true, true).ownSignature,
    ).toBeDefined();
    expect(ownSignatureIssues({ ...own, header: '' }).header).toMatch(/header name/);
    expect(ownSignatureIssues({ ...own, signed: '{body}' }).signed).toMatch(/timestamp/);
    expect(ownSignatureIssues({ ...own, signed: 'body' }).signed).toMatch(/\{body\}/);
  });

  test('takes a burst of its own, or none', () => {
    expect(securityInput({ ...securityDraft(), burst: '20' }).burst).toBe(20);
    expect(securityIssues({ ...securityDraft(), burst: 0 }, false, true).burst).toMatch(/whole number/);
  });

  test.each(['', 0, 1.5, 100_001, 'many'])('refuses %j requests a minute', (ratePerMinute) => {
    expect(securityIssues({ ...securityDraft(), ratePerMinute }, false, true).ratePerMinute).toMatch(/whole number/);
  });
});
