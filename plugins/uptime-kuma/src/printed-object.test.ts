import { describe, expect, it } from 'vitest';
import { printedObject } from './printed-object.ts';

describe('an object as Python prints it', () => {
  it('is read with its words, texts and lists', () => {
    const text = `{'a': None, 'b': [True, False, -1.5], "c": 'it\\'s\\n', 'd': {}, 'e': "x'y"}`;
    expect(printedObject(text)).toEqual({ a: null, b: [true, false, -1.5], c: "it's\n", d: {}, e: "x'y" });
  });

  it('gives what stands before a cut', () => {
    expect(printedObject(`{'a': {'b': 1, 'c': 'x`)).toEqual({ a: { b: 1 } });
    expect(printedObject(`{'a': 1, 'b': N`)).toEqual({ a: 1 });
    expect(printedObject('')).toBeUndefined();
  });

  it('ends for any depth and any text', () => {
    expect(printedObject('{'.repeat(100_000))).toEqual({});
    expect(printedObject(`${"{'a':".repeat(100_000)}1`)).toBeTypeOf('object');
    expect(printedObject("{'a' 1}")).toEqual({});
    expect(printedObject(`{'a': 1, 'b': '${"\\'".repeat(400_000)}'}`)).toEqual({ a: 1 });
    expect(printedObject(`{'a': '\\\\'}`)).toEqual({ a: '\\' });
  });
});
