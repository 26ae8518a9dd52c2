import { expect, it } from 'vitest';
import { storeAskSchema } from './journal.ts';

const takes = (key: string): boolean => storeAskSchema.safeParse({ op: 'get', key }).success;

it('takes keys that a database can store, and no others', () => {
  for (const key of ['a', 'issue-1', 'Grüße 世界 😀', '\ud83d\ude00']) expect(takes(key)).toBe(true);
  for (const key of ['', 'a\0', '\ud800', '\udc00\ud800', 'x'.repeat(257)]) expect(takes(key)).toBe(false);
});
