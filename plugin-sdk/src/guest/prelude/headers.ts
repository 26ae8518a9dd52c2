type Init = Headers | Iterable<readonly [string, string]> | Record<string, string> | undefined;

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** https://fetch.spec.whatwg.org/#headers-class; several values of a name are joined with ", ". */
export class Headers {
  readonly #values = new Map<string, string>();

  constructor(init?: Init) {
    if (init === undefined || init === null) return;
    const entries = Symbol.iterator in init ? (init as Iterable<readonly [string, string]>) : Object.entries(init);
    for (const [name, value] of entries) this.append(name, value);
  }

  append(name: string, value: string): void {
    const key = keyOf(name);
    const known = this.#values.get(key);
    this.#values.set(key, known === undefined ? valueOf(name, value) : `${known}, ${valueOf(name, value)}`);
  }
  delete(name: string): void {
    this.#values.delete(keyOf(name));
  }
  get(name: string): string | null {
    return this.#values.get(keyOf(name)) ?? null;
  }
  has(name: string): boolean {
    return this.#values.has(keyOf(name));
  }
  set(name: string, value: string): void {
    this.#values.set(keyOf(name), valueOf(name, value));
  }
  forEach(callback: (value: string, name: string, headers: Headers) => void): void {
    for (const [name, value] of this) callback(value, name, this);
  }
  *entries(): IterableIterator<[string, string]> {
    yield* [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1));
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name;
  }
  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

function keyOf(name: string): string {
  if (!NAME.test(name)) throw new TypeError(`Not a header name: "${name}"`);
  return name.toLowerCase();
}

function valueOf(name: string, value: string): string {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (/[\0\n\r]/.test(text)) throw new TypeError(`The value of header "${name}" has a line break`);
  return text;
}
