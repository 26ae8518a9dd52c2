import { ASK } from '../answered-ask.ts';
import { Headers } from './headers.ts';

export type WireBody = { text: string } | { base64: string };

/** The answer to a request (https://fetch.spec.whatwg.org/#response-class), wholly there when it arrives. */
export class Response {
  readonly status: number;
  readonly headers: Headers;
  readonly url: string;
  readonly statusText = '';
  readonly redirected = false;
  readonly type = 'basic';
  readonly [ASK]: number;
  readonly #body: WireBody;
  #used = false;

  constructor(status: number, headers: Record<string, string>, body: WireBody, url: string, ask: number) {
    this[ASK] = ask;
    this.status = status;
    this.headers = new Headers(headers);
    this.#body = body;
    this.url = url;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }
  get bodyUsed(): boolean {
    return this.#used;
  }
  async text(): Promise<string> {
    const body = this.#take();
    return 'text' in body ? body.text : new TextDecoder().decode(Uint8Array.fromBase64(body.base64));
  }
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const body = this.#take();
    return 'text' in body ? new TextEncoder().encode(body.text) : Uint8Array.fromBase64(body.base64);
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }
  clone(): Response {
    if (this.#used) throw new TypeError('The body was already read');
    return new Response(this.status, Object.fromEntries(this.headers), this.#body, this.url, this[ASK]);
  }

  #take(): WireBody {
    if (this.#used) throw new TypeError('The body was already read');
    this.#used = true;
    return this.#body;
  }
}
