/** A request at the door, read but not yet believed. */
export interface DoorRequest {
  readonly type: string;
  readonly method: 'POST' | 'PUT' | 'GET';
  /** Path and query exactly as they came; some senders sign them. */
  readonly url: string;
  /** Lower-case names, as Node gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Without its content encoding, once that has been taken off. */
  readonly body: Buffer;
  /** The bytes as they came, where a content encoding has been taken off. */
  readonly packedBody?: Buffer | undefined;
  /** The sender's address, behind trusted proxies. */
  readonly address: string;
}

export interface DoorAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
  /** Beside those of every answer; lower-case names. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** Null when nothing was recorded. */
  readonly requestId: string | null;
}

/** A value of the query that is there once. */
export function queryText(query: DoorRequest['query'], name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A header that is there once. */
export function headerOf(request: Pick<DoorRequest, 'headers'>, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
