import { expect, it } from 'vitest';
import { parseUrl } from './parse-url.ts';

it('reads a name of Latin-1 letters as well the twenty-thousandth time', () => {
  const hosts = new Set<string | undefined>();
  for (let time = 0; time < 20_000; time++) hosts.add(parseUrl('https://bücher.example/')?.hostname);
  expect([...hosts]).toEqual(['xn--bcher-kva.example']);
});

it('gives null for what is no URL', () => {
  for (const text of ['', 'bücher.example', 'https://', 'https://a b/', '/path'])
    expect(parseUrl(text), text).toBeNull();
});
