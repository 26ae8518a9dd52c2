const DEPTH = 20;
/** Far more than a heartbeat and its monitor take. */
const TEXT_CHARS = 20_000;

/** Where a text ends before its value does. */
const CUT_OFF = Symbol('cut off');

/**
 * The value of an object as Python prints it (`{'status': 0, 'port': None}`), which relays forward in place of JSON. A
 * text that was cut off gives what stands before the cut.
 */
export function printedObject(text: string): unknown {
  const reader = new PrintedReader(text.slice(0, TEXT_CHARS));
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
    const start = this.#at + 1;
    let end = this.#text.indexOf(quote, start);
    while (end !== -1 && this.#isEscaped(end, start)) end = this.#text.indexOf(quote, end + 1);
    if (end === -1) return CUT_OFF;
    this.#at = end + 1;
    const inner = this.#text.slice(start, end);
    return inner.replace(/\\(.)/gs, (_, sign: string) => (sign === 'n' ? '\n' : sign === 't' ? '\t' : sign));
  }

  #isEscaped(at: number, start: number): boolean {
    let before = at;
    while (before > start && this.#text[before - 1] === '\\') before -= 1;
    return (at - before) % 2 === 1;
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
