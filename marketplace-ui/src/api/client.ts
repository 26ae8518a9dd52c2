import type { z } from 'zod';
import { ApiError, errorFromAnswer } from './api-error.ts';
import { chosenGroup } from './group.ts';

/** Undefined values are left out; lists repeat the name. */
export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

interface Call {
  query?: Query;
  signal?: AbortSignal | undefined;
}

function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    if (typeof value === 'object') value.forEach((one) => params.append(name, one));
    else params.append(name, String(value));
  }
  const search = params.toString();
  return `/api${path}${search ? `?${search}` : ''}`;
}

async function send(method: string, path: string, call: Call, body?: unknown): Promise<unknown> {
  const group = chosenGroup();
  const headers = new Headers({ accept: 'application/json' });
  if (group) headers.set('x-group', group);
  if (body !== undefined) headers.set('content-type', 'application/json');
  // A form on another site cannot send this header, so the host takes it as proof that we meant it.
  if (method !== 'GET') headers.set('x-patchbay-request', '1');

  let answer: Response;
  try {
    answer = await fetch(address(path, call.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(call.signal ? { signal: call.signal } : {}),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    if (call.signal?.aborted) throw cause;
    throw new ApiError({
      status: 0,
      code: 'UNREACHABLE',
      message: 'The host cannot be reached.',
      remedy: 'Check your connection and that the host is running, then try again.',
    });
  }
  const text = await answer.text();
  let json: unknown;
  try {
    json = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw errorFromAnswer(answer.status, undefined);
  }
  if (!answer.ok) throw errorFromAnswer(answer.status, json);
  return json;
}

function parsed<T extends z.ZodType>(schema: T, json: unknown, path: string): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  throw new ApiError({
    status: 200,
    code: 'ANSWER_UNEXPECTED',
    message: `The answer of ${path} is not what this page expects${first ? ` (${first.path.join('.')}: ${first.message})` : ''}.`,
    remedy: 'Reload the page: the host may have been updated since you opened it.',
  });
}

/** The management API. Paths are below /api; answers are parsed by the contract's schemas. Throws ApiError. */
export const api = {
  async get<T extends z.ZodType>(path: string, schema: T, call: Call = {}): Promise<z.output<T>> {
    return parsed(schema, await send('GET', path, call), path);
  },
  async post<T extends z.ZodType>(path: string, schema: T, body: unknown = {}): Promise<z.output<T>> {
    return parsed(schema, await send('POST', path, {}, body), path);
  },
  async patch<T extends z.ZodType>(path: string, schema: T, body: unknown): Promise<z.output<T>> {
    return parsed(schema, await send('PATCH', path, {}, body), path);
  },
  async put<T extends z.ZodType>(path: string, schema: T, body: unknown): Promise<z.output<T>> {
    return parsed(schema, await send('PUT', path, {}, body), path);
  },
  async delete(path: string): Promise<void> {
    await send('DELETE', path, {});
  },
};
