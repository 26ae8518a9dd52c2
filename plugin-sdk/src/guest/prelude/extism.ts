import { PatchbayError } from '../patchbay-error.ts';
import { Memory, MemoryHandle } from './extism-memory.ts';
import { httpAsk } from './fetch.ts';
import type { Answer, RunLoop } from './run-loop.ts';
import type { Native } from './native.ts';

interface HttpRequest {
  url: string;
  method?: string;
  headers?: Record<string, string | number | boolean>;
  credential?: string;
  repeatable?: boolean;
}

/**
 * The globals that @extism/js-pdk types, for plugins written against it. Http and Var block: the run ends if the
 * answer is not in the journal yet and starts again when it is.
 */
export function extismGlobals(native: Native, loop: RunLoop) {
  const input = () => native.i() as { configuration?: Record<string, unknown> };
  const blocking = (capability: string, ask: ((request: string) => unknown) | undefined, request: unknown): unknown => {
    if (ask === undefined)
      throw new PatchbayError('PERMISSION_DENIED', `plugin.json has no permission "${capability}"`);
    const answer = ask(JSON.stringify(request)) as Answer;
    if ('ok' in answer) return answer.ok;
    throw new PatchbayError(answer.error.code, answer.error.message);
  };

  const Host = {
    inputString: () => native.I(),
    inputBytes: () => native.u(native.I()).buffer,
    outputString: (text: string) => (loop.outputWritten(String(text).toWellFormed()), true),
    outputBytes: (bytes: ArrayBuffer) => (loop.outputWritten(native.d(bytes, 0, bytes.byteLength)), true),
    arrayBufferToBase64: (bytes: ArrayBuffer) => new Uint8Array(bytes).toBase64(),
    base64ToArrayBuffer: (text: string) => Uint8Array.fromBase64(text).buffer,
    /** Host functions of the user: there are none here. */
    getFunctions: () => ({}),
    invokeFunc: refuseToInvoke,
    invokeFunc0: refuseToInvoke,
  };
  const Config = {
    /** A setting of the installation as text; null when there is none. */
    get(key: string): string | null {
      const settings = input().configuration ?? {};
      const value = Object.hasOwn(settings, key) ? settings[key] : undefined;
      if (value === undefined || value === null) return null;
      return typeof value === 'string' ? value : JSON.stringify(value);
    },
  };
  const Http = {
    request({ url, headers = {}, ...init }: HttpRequest, body?: string | ArrayBuffer) {
      const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      const ask = httpAsk(url, { ...init, headers: texts, body: body ?? null });
      const answer = blocking('http', native.H, ask) as {
        status: number;
        headers: unknown;
        body: { text?: string; base64?: string };
      };
      const text = answer.body.text ?? new TextDecoder().decode(Uint8Array.fromBase64(answer.body.base64 ?? ''));
      return { status: answer.status, headers: answer.headers, body: text };
    },
  };
  const readVar = (name: string): unknown =>
    (blocking('store', native.T, { op: 'get', key: `var:${name}` }) as { value?: unknown }).value ?? null;
  const Var = {
    set(name: string, value: string | ArrayBuffer): void {
      const stored = typeof value === 'string' ? value : { base64: new Uint8Array(value).toBase64() };
      blocking('store', native.T, { op: 'set', key: `var:${name}`, value: stored, ifVersion: null });
    },
    getString(name: string): string | null {
      const value = readVar(name);
      return typeof value === 'string' || value === null ? value : new TextDecoder().decode(bytesOf(value));
    },
    getBytes(name: string): ArrayBuffer | null {
      const value = readVar(name);
      return value === null ? null : bytesOf(value).buffer;
    },
  };
  return { Host, Config, Http, Var, Memory, MemoryHandle };
}

function refuseToInvoke(id: number): never {
  throw new PatchbayError('PERMISSION_DENIED', `There is no host function ${id}`);
}

function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  return typeof value === 'string'
    ? new TextEncoder().encode(value)
    : Uint8Array.fromBase64((value as { base64: string }).base64);
}
