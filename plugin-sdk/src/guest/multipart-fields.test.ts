import { describe, expect, it } from 'vitest';
import { multipartFields } from './multipart-fields.ts';

const part = (head: string, body: string) => `--B\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;

describe('the fields of a multipart form', () => {
  it('are its texts, as they were sent', () => {
    const body = `${part('name="data"', '{"a":\r\n"--B"}')}${part('name=empty', '')}--B--\r\n`;
    expect(multipartFields(body, 'multipart/form-data; boundary="B"')).toEqual({ data: '{"a":\r\n"--B"}', empty: '' });
  });

  it('leave files and parts without a name out', () => {
    const body = `${part('name="f"; filename="a.txt"', 'x')}${part('', 'y')}${part('name="a"', '1')}--B--`;
    expect(multipartFields(body, 'multipart/form-data; charset=utf-8; boundary=B')).toEqual({ a: '1' });
  });

  it('are none without a boundary or its parts', () => {
    expect(multipartFields(part('name="a"', '1'), 'multipart/form-data')).toBeUndefined();
    expect(multipartFields('hello', 'multipart/form-data; boundary=B')).toBeUndefined();
  });
});
