/**
 * The globals of a plugin: what the engine and its prelude (guest/prelude) put there, and nothing else. There is no
 * DOM and no Node in a plugin.
 */
interface PatchbayFetchInit {
  method?: string;
  headers?: Headers | Iterable<readonly [string, string]> | Record<string, string>;
  body?: string | ArrayBuffer | ArrayBufferView | URLSearchParams | null;
  signal?: AbortSignal | null;
  /** Name of a secret in plugin.json; the host attaches it to the request, the plugin never sees it. */
  credential?: string;
  /** Sending this request twice does no harm, so it may be sent again when its answer was lost. */
  repeatable?: boolean;
}

/** Needs `permissions.http`. Rejects with a PatchbayError. */
declare function fetch(input: string | URL, init?: PatchbayFetchInit): Promise<Response>;

declare class Headers {
  constructor(init?: Headers | Iterable<readonly [string, string]> | Record<string, string>);
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  has(name: string): boolean;
  set(name: string, value: string): void;
  forEach(callback: (value: string, name: string, headers: Headers) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

declare class Response {
  private constructor();
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly url: string;
  readonly bodyUsed: boolean;
  text(): Promise<string>;
  json(): Promise<unknown>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  arrayBuffer(): Promise<ArrayBuffer>;
  clone(): Response;
}

interface AbortEvent {
  readonly type: 'abort';
  readonly target: AbortSignal;
}

declare class AbortSignal {
  private constructor();
  readonly aborted: boolean;
  readonly reason: unknown;
  onabort: ((event: AbortEvent) => void) | null;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: (event: AbortEvent) => void): void;
  removeEventListener(type: 'abort', listener: (event: AbortEvent) => void): void;
  static abort(reason?: unknown): AbortSignal;
  /** Needs `permissions.schedule`. */
  static timeout(ms: number): AbortSignal;
  static any(signals: Iterable<AbortSignal>): AbortSignal;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/** Needs `permissions.schedule`. */
declare function setTimeout<V extends unknown[]>(callback: (...values: V) => void, ms?: number, ...values: V): number;
declare function clearTimeout(id?: number): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function atob(text: string): string;
declare function btoa(text: string): string;

declare class URL {
  constructor(input: string | URL, base?: string | URL);
  static canParse(input: string | URL, base?: string | URL): boolean;
  static parse(input: string | URL, base?: string | URL): URL | null;
  href: string;
  readonly origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  readonly searchParams: URLSearchParams;
  hash: string;
  toString(): string;
  toJSON(): string;
}

declare class URLSearchParams {
  constructor(init?: string | Iterable<readonly [string, string]> | Record<string, string>);
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
  toString(): string;
}

declare class TextEncoder {
  readonly encoding: string;
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}

/** UTF-8 only. */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}

declare class DOMException extends Error {
  constructor(message?: string, name?: string);
  readonly code: number;
}

/** Lines go to the log of the request or delivery. */
declare const console: Record<'log' | 'info' | 'debug' | 'trace' | 'warn' | 'error', (...values: unknown[]) => void>;

/** Drawn from the call's seed, so a call that is run again draws the same. */
declare const crypto: {
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  randomUUID(): string;
  readonly subtle: SubtleCrypto;
};

type PatchbayHash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** Digests, and HMAC with a raw key. */
interface SubtleCrypto {
  digest(algorithm: PatchbayHash | { name: PatchbayHash }, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>;
  importKey(
    format: 'raw',
    keyData: ArrayBuffer | ArrayBufferView,
    algorithm: { name: 'HMAC'; hash: PatchbayHash | { name: PatchbayHash }; length?: number },
    extractable: boolean,
    usages: readonly ('sign' | 'verify')[],
  ): Promise<CryptoKey>;
  sign(algorithm: 'HMAC' | { name: 'HMAC' }, key: CryptoKey, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer>;
  verify(
    algorithm: 'HMAC' | { name: 'HMAC' },
    key: CryptoKey,
    signature: ArrayBuffer | ArrayBufferView,
    data: ArrayBuffer | ArrayBufferView,
  ): Promise<boolean>;
}

declare class CryptoKey {
  private constructor();
  readonly type: 'secret';
  readonly extractable: boolean;
  readonly algorithm: { name: 'HMAC'; hash: { name: PatchbayHash }; length: number };
  readonly usages: readonly string[];
}

declare let performance: { now(): number };

interface String {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

interface Uint8Array {
  toBase64(options?: { alphabet?: 'base64' | 'base64url'; omitPadding?: boolean }): string;
  toHex(): string;
}

interface Uint8ArrayConstructor {
  fromBase64(text: string, options?: { alphabet?: 'base64' | 'base64url' }): Uint8Array<ArrayBuffer>;
  fromHex(text: string): Uint8Array<ArrayBuffer>;
}

/** Of @extism/js-pdk: the input and output envelopes as they are. */
declare const Host: {
  inputString(): string;
  inputBytes(): ArrayBuffer;
  outputString(text: string): boolean;
  outputBytes(bytes: ArrayBuffer): boolean;
  arrayBufferToBase64(bytes: ArrayBuffer): string;
  base64ToArrayBuffer(text: string): ArrayBuffer;
  /** Empty: there are no host functions of the user here, and the next two throw. */
  getFunctions(): Record<string, never>;
  invokeFunc(id: number, ...args: unknown[]): unknown;
  invokeFunc0(id: number, ...args: unknown[]): void;
};
/** Of @extism/js-pdk: bytes by address, in the plugin's own memory. */
declare const Memory: {
  fromString(text: string): MemoryHandle;
  fromBuffer(bytes: ArrayBuffer): MemoryHandle;
  fromJsonObject(value: unknown): MemoryHandle;
  allocUInt32(value: number): MemoryHandle;
  allocUInt64(value: bigint): MemoryHandle;
  allocFloat32(value: number): MemoryHandle;
  allocFloat64(value: number): MemoryHandle;
  find(offset: number | bigint): MemoryHandle;
};
declare class MemoryHandle {
  constructor(offset: number | bigint, len: number | bigint);
  offset: number | bigint;
  len: number | bigint;
  readString(): string;
  readUInt32(): number;
  readUInt64(): bigint;
  readFloat32(): number;
  readUFloat64(): number;
  readBytes(): ArrayBuffer;
  readJsonObject(): unknown;
  free(): void;
}
/** Of @extism/js-pdk: settings of the installation as text. */
declare const Config: { get(key: string): string | null };
/** Of @extism/js-pdk: a request that blocks. Needs `permissions.http`; prefer fetch. */
declare const Http: {
  request(
    request: {
      url: string;
      method?: string;
      headers?: Record<string, string | number | boolean>;
      credential?: string;
      repeatable?: boolean;
    },
    body?: string | ArrayBuffer,
  ): { status: number; headers: Record<string, string>; body: string };
};
/** Of @extism/js-pdk: values kept between calls. Needs `permissions.store`; prefer the context's store. */
declare const Var: {
  set(name: string, value: string | ArrayBuffer): void;
  getString(name: string): string | null;
  getBytes(name: string): ArrayBuffer | null;
};
