import { describe, expect, it } from 'vitest';
import { envelopeSchema, preAuthEncoding } from './dsse.ts';
import { generateSigningKey, parseSigningKey, privateKeyPem } from './signing-key.ts';
import { signStatement, verifyEnvelope, type ReleaseStatement } from './statement.ts';

const author = generateSigningKey();
const stranger = generateSigningKey();
const keys = new Map([[author.id, author.publicKey]]);
const statement: ReleaseStatement = {
  id: 'acme/probe',
  version: '1.0.0',
  sha256: 'a'.repeat(64),
  moduleSha256: 'b'.repeat(64),
  hostApi: '^1.0.0',
  sdk: '0.1.0',
};
const envelope = signStatement('release', statement, author);

describe('a signed statement', () => {
  it('is encoded for signing as DSSE says', () => {
    // The example of the DSSE protocol document.
    expect(preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
  });

  it('is verified with the key that signed it, also after both went through text', () => {
    const read = envelopeSchema.parse(JSON.parse(JSON.stringify(envelope)));
    expect(verifyEnvelope('release', read, keys)).toEqual({ ok: true, statement, keyId: author.id });
    expect(parseSigningKey(privateKeyPem(author)).id).toBe(author.id);
  });

  it('is refused when its payload was changed', () => {
    const changed = Buffer.from(JSON.stringify({ ...statement, version: '2.0.0' })).toString('base64');
    expect(verifyEnvelope('release', { ...envelope, payload: changed }, keys)).toEqual({
      ok: false,
      message: 'The signature does not match the statement.',
    });
  });

  it('is refused from a key that is not trusted, also when it claims the id of one that is', () => {
    expect(verifyEnvelope('release', signStatement('release', statement, stranger), keys).ok).toBe(false);
    const claimed = signStatement('release', statement, { ...stranger, id: author.id });
    expect(verifyEnvelope('release', claimed, keys).ok).toBe(false);
  });

  it('of one kind is not taken for one of another', () => {
    expect(verifyEnvelope('approval', envelope, keys).ok).toBe(false);
    const relabelled = { ...envelope, payloadType: 'application/vnd.patchbay.approval+json' };
    expect(verifyEnvelope('approval', relabelled, keys).ok).toBe(false);
  });

  it('with more fields than its kind has is refused', () => {
    const more = signStatement('release', { ...statement, admin: true } as ReleaseStatement, author);
    expect(verifyEnvelope('release', more, keys)).toMatchObject({
      ok: false,
      message: expect.stringContaining('malformed'),
    });
  });
});
