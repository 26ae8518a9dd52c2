import { encodeSets, percentEncode } from './percent-encoding.ts';
import {
  encodeQuery,
  isSpecial,
  normalizePath,
  parseUrl,
  serializeUrl,
  setHostAndPort,
  setPort,
  type UrlRecord,
} from './url-record.ts';
import { URLSearchParams } from './url-search-params.ts';

/** https://url.spec.whatwg.org/#url-class. A setter given something invalid changes nothing. */
export class URL {
  #record: UrlRecord;
  #params: URLSearchParams | undefined;

  constructor(input: string | URL, base?: string | URL) {
    this.#record = parseUrl(String(input), base === undefined ? undefined : parseUrl(String(base)));
  }

  static canParse(input: string | URL, base?: string | URL): boolean {
    return URL.parse(input, base) !== null;
  }

  static parse(input: string | URL, base?: string | URL): URL | null {
    try {
      return new URL(input, base);
    } catch {
      return null;
    }
  }

  get href(): string {
    return serializeUrl(this.#record);
  }
  set href(value: string) {
    this.#record = parseUrl(value);
    this.#params = undefined;
  }
  get origin(): string {
    const { scheme, host } = this.#record;
    return isSpecial(scheme) && scheme !== 'file' && host !== null ? `${scheme}://${this.host}` : 'null';
  }
  get protocol(): string {
    return `${this.#record.scheme}:`;
  }
  set protocol(value: string) {
    const scheme = value.replace(/:.*$/s, '').toLowerCase();
    if (!/^[a-z][a-z0-9+\-.]*$/.test(scheme) || isSpecial(scheme) !== isSpecial(this.#record.scheme)) return;
    this.#change((record) => {
      record.scheme = scheme;
      setPort(record, record.port);
    });
  }
  get username(): string {
    return this.#record.username;
  }
  set username(value: string) {
    if (this.#record.host) this.#record.username = percentEncode(value, encodeSets.userinfo);
  }
  get password(): string {
    return this.#record.password;
  }
  set password(value: string) {
    if (this.#record.host) this.#record.password = percentEncode(value, encodeSets.userinfo);
  }
  get host(): string {
    const { host, port } = this.#record;
    return (host ?? '') + (port === '' ? '' : `:${port}`);
  }
  set host(value: string) {
    if (!this.#record.opaque) this.#change((record) => setHostAndPort(record, value));
  }
  get hostname(): string {
    return this.#record.host ?? '';
  }
  set hostname(value: string) {
    if (!this.#record.opaque && !/:\d*$/.test(value)) this.#change((record) => setHostAndPort(record, value));
  }
  get port(): string {
    return this.#record.port;
  }
  set port(value: string) {
    const digits = /^\d*/.exec(value)?.[0] ?? '';
    if (this.#record.host && (value === '' || digits !== '')) this.#change((record) => setPort(record, digits));
  }
  get pathname(): string {
    return this.#record.path;
  }
  set pathname(value: string) {
    if (!this.#record.opaque) this.#record.path = normalizePath(value, isSpecial(this.#record.scheme));
  }
  get search(): string {
    return this.#record.query ? `?${this.#record.query}` : '';
  }
  set search(value: string) {
    const text = value.startsWith('?') ? value.slice(1) : value;
    this.#record.query = value === '' ? null : encodeQuery(text, isSpecial(this.#record.scheme));
    this.#params = undefined;
  }
  get searchParams(): URLSearchParams {
    this.#params ??= new URLSearchParams(this.#record.query ?? '', () => {
      const text = String(this.#params);
      this.#record.query = text === '' ? null : text;
    });
    return this.#params;
  }
  get hash(): string {
    return this.#record.fragment ? `#${this.#record.fragment}` : '';
  }
  set hash(value: string) {
    const text = value.startsWith('#') ? value.slice(1) : value;
    this.#record.fragment = value === '' ? null : percentEncode(text, encodeSets.fragment);
  }
  toString(): string {
    return this.href;
  }
  toJSON(): string {
    return this.href;
  }

  #change(edit: (record: UrlRecord) => void): void {
    const copy = { ...this.#record };
    try {
      edit(copy);
      this.#record = copy;
    } catch {
      // The URL standard's setters ignore what they cannot use.
    }
  }
}
