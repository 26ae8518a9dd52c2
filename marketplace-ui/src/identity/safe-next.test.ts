import { expect, it } from 'vitest';
import { safeNext } from './safe-next.ts';

const origin = 'https://patchbay.example';

it.each([
  [undefined, '/'],
  ['/incidents?status=open#top', '/incidents?status=open#top'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['/.//evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in?next=/', '/'],
])('%s leads to %s', (next, path) => {
  expect(safeNext(next, origin)).toBe(path);
});
