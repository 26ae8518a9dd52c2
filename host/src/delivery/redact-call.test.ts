import { describe, expect, it } from 'vitest';
import { CallRedaction } from './redact-call.ts';

const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
const request = (fields: object) => JSON.stringify({ method: 'POST', credential: null, repeatable: false, ...fields });

describe('the redaction of a call', () => {
  it('keeps the name of a secret, and takes secrets out of address, headers and body', () => {
    const redaction = new CallRedaction();
    const text = request({
      url: 'https://api.example.com/a?token=hush-hush',
      headers: { 'X-Api-Key': 'hush-hush', accept: '*/*', 'content-type': 'application/x-www-form-urlencoded' },
      body: { text: 'a=1&password=hush-hush' },
      credential: 'apiToken',
    });
    const clean = redaction.request('r', 'http', text);
    expect(clean).not.toContain('hush-hush');
    expect(JSON.parse(clean)).toMatchObject({ credential: 'apiToken', headers: { accept: '*/*' } });
    expect(redaction.places).toEqual(['r.headers.X-Api-Key', 'r.url', 'r.body']);
  });

  it('finds secrets in bytes, and leaves other bytes as they are', () => {
    const redaction = new CallRedaction();
    const answer = (bytes: Buffer) => ({
      ok: { status: 200, headers: {}, body: { base64: bytes.toString('base64') } },
    });
    const plain = answer(Buffer.from([0xff, 0x00, 0x80]));
    expect(redaction.answer('a', 'http', plain)).toEqual(plain);
    expect(redaction.places).toEqual([]);
    const found = redaction.answer('b', 'http', answer(Buffer.from(`\xff ${TOKEN}`, 'latin1')));
    expect(Buffer.from(JSON.stringify(found)).includes(TOKEN)).toBe(false);
    expect(redaction.places).toEqual(['b.ok.body']);
  });

  it('takes what has no shape of a request as it is, and errors too', () => {
    const redaction = new CallRedaction();
    expect(redaction.request('r', 'http', '{"url":5,"secret":"hush"}')).toBe('{"url":5,"secret":"[redacted]"}');
    expect(redaction.request('s', 'store', '{"op":"set","key":"k","value":{"token":"hush"}}')).not.toContain('hush');
    const error = { error: { code: 'EGRESS_FAILED', message: `no ${TOKEN}` } };
    expect(JSON.stringify(redaction.answer('e', 'http', error))).not.toContain(TOKEN);
    expect(redaction.answer('n', 'schedule', { ok: null })).toEqual({ ok: null });
  });
});
