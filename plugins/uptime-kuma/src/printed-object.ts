const DEPTH = 20;

/** Where a text ends before its value does. */
const CUT_OFF = Symbol('cut off');

/**
 * The value of an object as Python prints it (`{'status': 0, 'port': None}`), which relays forward in place of JSON. A
 * text that was cut off gives what stands before the cut.
 */
export function printedObject(text: string): unknown {
  const reader = new PrintedReader(text);
  const value = reader.value(0);
  return value === CUT_OFF ? undefined : value;
}

class PrintedReader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): unknown {
    const start = this.#skip();
    if (start === '{' || start === '[') return depth < DEPTH ? this.#entries(start, depth + 1) : CUT_OFF;
    if (start === "'" || start === '"') return this.#quoted(start);
    const word = this.#match(/(?:None|True|False|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.])/y);
    if (word === undefined) return CUT_OFF;
    return word === 'None' ? null : word === 'True' ? true : word === 'False' ? false : Number(word);
  }

  #entries(open: '{' | '[', depth: number): unknown {
    const names: [string, unknown][] = [];
    const list: unknown[] = [];
    const close = open === '{' ? '}' : ']';
    this.#at += 1;
    while (this.#skip() !== close) {
      const name = open === '{' ? this.value(depth) : '';
      if (open === '{' && (typeof name !== 'string' || this.#match(/\s*:/y) === undefined)) break;
      const entry = this.value(depth);
      if (entry === CUT_OFF) break;
      names.push([String(name), entry]);
      list.push(entry);
      if (this.#match(/\s*,/y) === undefined && this.#skip() !== close) break;
    }
    if (this.#skip() === close) this.#at += 1;
    return open === '{' ? Object.fromEntries(names) : list;
  }

  #quoted(quote: '"' | "'"): unknown {
    const inner = this.#match(quote === "'" ? /'(?:[^'\\]|\\.)*'/sy : /"(?:[^"\\]|\\.)*"/sy);
    if (inner === undefined) return CUT_OFF;
    return inner
      .slice(1, -1)
      .replace(/\\(.)/gs, (_, sign: string) => (sign === 'n' ? '\n' : sign === 't' ? '\t' : sign));
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #skip(): string | undefined {
    this.#match(/\s+/y);
    return this.#text[this.#at];
  }
}
