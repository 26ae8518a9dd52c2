import { describe, expect, it } from 'vitest';
import { cloudEventsOf } from './cloud-event.ts';
import { IngestRequest } from './ingest-request.ts';
import { messageOf } from './request-message.ts';

// The engine of plugins has it; Node 20 has not.
Uint8Array.fromBase64 ??= (text) => new Uint8Array(Buffer.from(text, 'base64'));

type Body = string | Uint8Array;

function request(contentType: string, body: Body, headers: Record<string, string> = {}): IngestRequest {
  return new IngestRequest({
    id: 'req_1',
    receivedAt: '2026-01-01T00:00:00.000Z',
    method: 'POST',
    headers,
    query: {},
    contentType,
    body: typeof body === 'string' ? { text: body } : { base64: Buffer.from(body).toString('base64') },
  });
}

describe('text', () => {
  it('is read in the charset that the content type names', () => {
    const latin1 = Buffer.from('Größe', 'latin1');
    expect(request('text/plain; charset=ISO-8859-1', latin1).text()).toBe('Größe');
    expect(request('text/plain; charset="windows-1252"', latin1).text()).toBe('Größe');
    expect(request('text/plain', latin1).text()).toBe('Gr\ufffd\ufffde');
    const utf16 = Buffer.from('\ufeffGröße', 'utf16le');
    expect(request('application/json', utf16).text()).toBe('Größe');
    expect(request('text/plain; charset=utf-16be', Buffer.from('Größe', 'utf16le').swap16()).text()).toBe('Größe');
    expect(request('text/plain; charset=utf-16', Buffer.from([0xff])).text()).toBe('');
  });
});

describe('a form', () => {
  const type = 'application/x-www-form-urlencoded; charset=utf-8';

  it('is the JSON in it when a client that was told no content type sent JSON', () => {
    expect(messageOf(request(type, ' {"a":[1],"b":"x=1&y=2"}'))).toEqual({ a: [1], b: 'x=1&y=2' });
    expect(messageOf(request(type, '[{"a":1}]'))).toEqual([{ a: 1 }]);
  });

  it('stays a form when it only looks like it', () => {
    expect(messageOf(request(type, '{a}=1&b=2'))).toEqual({ '{a}': '1', b: '2' });
    expect(messageOf(request(type, '%7B%22a%22%3A1%7D=x'))).toEqual({ '{"a":1}': 'x' });
    expect(messageOf(request(type, 'payload=%7B%22a%22%3A1%7D'))).toEqual({ a: 1 });
  });
});

describe('one JSON text a line', () => {
  it('is read with empty lines, record separators and a last line without an end', () => {
    expect(request('application/x-ndjson', '{"a":1}\r\n\n[2]\n3').lines()).toEqual([{ a: 1 }, [2], 3]);
    expect(messageOf(request('application/json-seq', '\u001e{"a":1}\n\u001e{"a":2}\n'))).toEqual([{ a: 1 }, { a: 2 }]);
    expect(messageOf(request('application/x-ndjson', ''))).toEqual([]);
  });

  it('refuses the request with the line that is none', () => {
    expect(() => request('', '{}\n{').lines()).toThrow('The body is not JSON');
    try {
      request('', '{}\n{').lines();
    } catch (error) {
      expect((error as { issues: unknown }).issues).toMatchObject([{ path: 'line 2' }]);
    }
  });
});

describe('CloudEvents', () => {
  const attributes = { specversion: '1.0', id: '1', source: '/s', type: 't' };

  it('have one form in every mode', () => {
    const structured = { ...attributes, datacontenttype: 'application/json', data: { a: 1 } };
    expect(cloudEventsOf(request('application/cloudevents+json', JSON.stringify(structured)))).toEqual([structured]);
    const headers = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/s', 'ce-type': 't' };
    expect(cloudEventsOf(request('application/json', '{"a":1}', headers))).toEqual([structured]);
    const batch = JSON.stringify([structured, { ...structured, id: '2' }]);
    expect(cloudEventsOf(request('application/cloudevents-batch+json', batch))).toEqual([
      structured,
      { ...structured, id: '2' },
    ]);
  });

  it('keep what their data is: text, bytes that are JSON, or nothing', () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/%C3%A4',
      'ce-type': 't',
      'ce-trace': '%zz',
    };
    expect(cloudEventsOf(request('text/plain', 'hello', headers))).toMatchObject([
      { data: 'hello', source: '/ä', trace: '%zz' },
    ]);
    expect(cloudEventsOf(request('', '', headers))).toEqual([{ ...attributes, source: '/ä', trace: '%zz' }]);
    const packed = { ...attributes, data_base64: Buffer.from('{"a":1}').toString('base64') };
    expect(cloudEventsOf(request('application/cloudevents+json', JSON.stringify(packed)))).toMatchObject([
      { data: { a: 1 } },
    ]);
    const broken = { ...attributes, data_base64: 'bm8ganNvbg==' };
    expect(cloudEventsOf(request('application/cloudevents+json', JSON.stringify(broken)))).toEqual([broken]);
  });

  it('are none where the request does not say so', () => {
    expect(cloudEventsOf(request('application/json', JSON.stringify(attributes)))).toBeUndefined();
    expect(cloudEventsOf(request('application/cloudevents+json', '{"id":1}'))).toBeUndefined();
  });
});

it('a form may be multipart, also where a field holds JSON', () => {
  const body = '--B\r\nContent-Disposition: form-data; name="payload"\r\n\r\n{"a":"ä b&c"}\r\n--B--\r\n';
  const multipart = request('multipart/form-data; boundary=B', body);
  expect(multipart.form().get('payload')).toBe('{"a":"ä b&c"}');
  expect(multipart.formJson('payload')).toEqual({ a: 'ä b&c' });
});
