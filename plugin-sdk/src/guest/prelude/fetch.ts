import { Headers } from './headers.ts';
import { Response, type WireBody } from './response.ts';
import type { AbortSignal } from './abort.ts';
import type { RunLoop } from './run-loop.ts';
import { rejected } from './ask.ts';
import { URL } from './url/url.ts';
import { URLSearchParams } from './url/url-search-params.ts';

export interface FetchInit {
  method?: string;
  headers?: Headers | Iterable<readonly [string, string]> | Record<string, string>;
  body?: string | ArrayBuffer | ArrayBufferView | URLSearchParams | null;
  signal?: AbortSignal | null;
  /** Name of a secret in plugin.json; the host attaches it, the plugin never sees it. */
  credential?: string;
  /** Sending this request twice does no harm, so it may be sent again when its answer was lost. */
  repeatable?: boolean;
}

interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: WireBody;
}

/** An HttpAsk of contract/journal.ts. */
export function httpAsk(url: string, init: FetchInit) {
  const headers = new Headers(init.headers);
  const body = wireBody(init.body ?? null, headers);
  const method = (init.method ?? 'GET').toUpperCase();
  if (body !== null && (method === 'GET' || method === 'HEAD')) throw new TypeError(`${method} has no body`);
  return {
    url,
    method,
    headers: Object.fromEntries(headers),
    body,
    credential: init.credential ?? null,
    repeatable: init.repeatable ?? false,
  };
}

/** fetch as an ask: the answer comes with a later batch. */
export function createFetch(loop: RunLoop) {
  return function fetch(input: string | URL, init: FetchInit = {}): Promise<Response> {
    const url = String(input);
    return new Promise((resolve, reject) => {
      if (!URL.canParse(url)) throw new TypeError(`fetch needs a whole URL, not "${url}"`);
      const { signal } = init;
      signal?.throwIfAborted();
      const settle = rejected(reject, (value) => {
        const { status, headers, body } = value as HttpAnswer;
        resolve(new Response(status, headers, body, url, number));
      });
      const number = loop.ask('h', httpAsk(url, init), settle);
      signal?.addEventListener('abort', () => {
        loop.forget(number);
        reject(signal.reason);
      });
    });
  };
}

function wireBody(body: NonNullable<FetchInit['body']> | null, headers: Headers): WireBody | null {
  if (body === null) return null;
  const typed = (type: string) => {
    if (!headers.has('content-type')) headers.set('content-type', type);
  };
  if (typeof body === 'string') {
    typed('text/plain;charset=UTF-8');
    return { text: body.toWellFormed() };
  }
  if (body instanceof URLSearchParams) {
    typed('application/x-www-form-urlencoded;charset=UTF-8');
    return { text: String(body) };
  }
  if (!ArrayBuffer.isView(body) && !(body instanceof ArrayBuffer))
    throw new TypeError('A body is text, bytes or URLSearchParams; use JSON.stringify for an object');
  const view = ArrayBuffer.isView(body) ? body : new Uint8Array(body);
  return { base64: new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength).toBase64() };
}
