import type { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';

export interface FakeCall {
  params: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
  headers: Record<string, string | string[] | undefined>;
}

export interface FakeRoute {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below /api: `/incidents/:id`. */
  path: string;
  answer: (call: FakeCall) => unknown;
}

/** An answer with a status of its own; anything else that a route returns is a 200. */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly type: string;
  constructor(status: number, body: unknown, type = 'application/json') {
    this.status = status;
    this.body = body;
    this.type = type;
  }
}

/** The error envelope with a code of the catalogue. */
export function refusal(code: ErrorCode, message: string, details?: { path: string; message: string }[]): Reply {
  const entry = errorCatalogue[code];
  const status = 'status' in entry ? entry.status : 500;
  return new Reply(status, {
    error: {
      code,
      message,
      remedy: entry.remedy,
      requestId: 'req_01kaq2v8n6f0r3w9d5y7m1t4xz',
      ...(details ? { details } : {}),
    },
  });
}

/** Parses, so that a fake can never say what the contract does not. */
export function strict<T extends z.ZodType>(schema: T, value: z.input<T>): z.output<T> {
  return schema.parse(value);
}

/** One page of a list; the cursor is the index of the next row. */
export function pageOf<Row>(rows: readonly Row[], query: URLSearchParams): { items: Row[]; next: string | null } {
  const from = Number(query.get('cursor') ?? 0);
  const size = Number(query.get('limit') ?? 50);
  return { items: rows.slice(from, from + size), next: from + size < rows.length ? String(from + size) : null };
}
