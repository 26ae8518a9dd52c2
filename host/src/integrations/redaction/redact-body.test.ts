import { describe, expect, it } from 'vitest';
import { redactBody } from './redact-body.ts';

const json = (text: string) => redactBody(text, 'application/json');

describe('a body that is shown', () => {
  it('has no value of a field that is named like a secret, and else is as it came', () => {
    const monitor = '{ "monitor": {"name":"ann", "basic_auth_pass" : "EXAMPLE", "id": 12345678901234567890 } }';
    expect(json(monitor)).toBe(monitor.replace('"EXAMPLE"', '"[redacted]"'));
    expect(json('{"token":"","apiKey":7,"password":null,"has_secret":false}')).toBe(
      '{"token":"","apiKey":"[redacted]","password":null,"has_secret":false}',
    );
    expect(json('{"credentials":{"a":["x",{"b":"]}"}]},"next":1}')).toBe('{"credentials":"[redacted]","next":1}');
    expect(json('{"tok\\u0065n":"x"}')).toBe('{"tok\\u0065n":"[redacted]"}');
    expect(json('{"dedup_key":"a","keys":["b"],"tokens":3,"monkey":"c"}')).toBe(
      '{"dedup_key":"a","keys":["b"],"tokens":3,"monkey":"c"}',
    );
  });

  it('has no secret whose name is a value beside it', () => {
    expect(json('[{"name":"Authorization","value":"x"},{"name":"Accept","value":"y"}]')).toBe(
      '[{"name":"Authorization","value":"[redacted]"},{"name":"Accept","value":"y"}]',
    );
  });

  it('is looked into where JSON is in a string, and where it is broken or several', () => {
    const nested = JSON.stringify({ Message: JSON.stringify({ password: 'x', level: 'y' }) });
    expect(JSON.parse((JSON.parse(json(nested)) as { Message: string }).Message)).toEqual({
      password: '[redacted]',
      level: 'y',
    });
    expect(json('{"password":"x","cut":{"secret":"y')).toBe('{"password":"[redacted]","cut":{"secret":"[redacted]"');
    expect(json('{"token":"x"}\n{"token":"y"}\n')).toBe('{"token":"[redacted]"}\n{"token":"[redacted]"}\n');
    expect(json('{"token": x, "a": Bearer abcDEF123456}')).not.toMatch(/abcDEF/);
  });

  it('is looked into where it is a form, and JSON in a field of it', () => {
    const form = (text: string) => redactBody(text, 'application/x-www-form-urlencoded; charset=utf-8');
    expect(form('token=x&text=a+b&user_name=ann&key=y')).toBe('token=[redacted]&text=a+b&user_name=ann&key=[redacted]');
    const [name, value] = form(`payload=${encodeURIComponent('{"token":"x","id":1}')}`).split('=');
    expect([name, decodeURIComponent(value ?? '')]).toEqual(['payload', '{"token":"[redacted]","id":1}']);
  });

  it('is looked into where it is multipart', () => {
    const part = (name: string, text: string) =>
      `--b1\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
    const body = (token: string, password: string) =>
      `${part('token', token)}${part('data', `{"password":"${password}"}`)}${part('note', 'hello')}--b1--\r\n`;
    expect(redactBody(body('x', 'y'), 'multipart/form-data; boundary=b1')).toBe(body('[redacted]', '[redacted]'));
  });

  it('is looked into where it is XML', () => {
    const xml = (a: string, b: string, c: string) =>
      `<alert><ns:password kind="z">${a}</ns:password><host apiKey="${b}">db-1</host><secret>${c}</secret></alert>`;
    expect(redactBody(xml('x', 'y', '<![CDATA[z]]>'), 'text/xml')).toBe(xml('[redacted]', '[redacted]', '[redacted]'));
  });

  // Made up, in the shape of real ones.
  const looks: [string, string][] = [
    ['see https://ann:EXAMPLE@shop.example/a', 'EXAMPLE'],
    ['curl -H "Authorization: Bearer abcDEF123456"', 'abcDEF123456'],
    ['sent Basic dXNlcjpwYXNz today', 'dXNlcjpwYXNz'],
    ['https://a.example/x?id=1&access_token=EXAMPLE&key=EXAMPLE#top', 'EXAMPLE'],
    ['login failed: password=EXAMPLE, user=ann', 'EXAMPLE'],
    [`it is ghp_${'a1'.repeat(18)}.`, 'a1a1'],
    [`key AKIA${'EXAMPLE1'.repeat(2)}`, 'EXAMPLE1'],
    [`jwt eyJ${'a'.repeat(10)}.eyJ${'b'.repeat(10)}.${'c'.repeat(10)}`, 'cccc'],
    ['-----BEGIN RSA PRIVATE KEY-----\nEXAMPLE\n-----END RSA PRIVATE KEY-----', 'EXAMPLE'],
    ['-----BEGIN PRIVATE KEY-----\nEXAMPLE', 'EXAMPLE'],
    ['https://hooks.slack.com/services/T0/B0/EXAMPLE', 'EXAMPLE'],
  ];
  it.each(looks)('has no secret by its looks, as text and in JSON: %s', (text, secret) => {
    expect(redactBody(text, 'text/plain')).not.toContain(secret);
    expect(json(JSON.stringify({ log: text }))).not.toContain(secret);
  });

  it('keeps what only sounds like a secret', () => {
    const plain =
      'Basic authentication failed; the bearer of this letter, ops@example.com, knows https://a.example/b?c=d';
    expect(redactBody(plain, 'text/plain')).toBe(plain);
  });

  it.each([
    ['quotation marks', '{"a":"'.repeat(20_000)],
    ['backslashes', `{"a":"${'\\'.repeat(100_000)}`],
    ['brackets', `{"a":${'['.repeat(100_000)}`],
    ['hidden brackets', '{"token":['.repeat(10_000)],
    ['names', `a=${'a'.repeat(100_000)}`],
    ['tokens', 'eyJ-'.repeat(25_000)],
    ['words', 'Bearer a'.repeat(12_000)],
    ['tags', '<a b'.repeat(25_000)],
    ['spaces', `<a ${' '.repeat(100_000)}`],
  ])(
    'is read in one go, also with nothing but %s',
    (_what, text) => {
      expect(redactBody(text, 'text/plain').length).toBeGreaterThan(0);
    },
    30_000,
  );
});
