import type { z } from 'zod';
import { errorEnvelopeSchema } from '../contract/rest/page.ts';
import { failure, type CommandResult } from './command-result.ts';
import type { Login } from './login.ts';

export type RegistryReply<T> = { ok: true; value: T } | { ok: false; result: CommandResult };

interface Question<T extends z.ZodType> {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Begins with `/api/`. */
  path: string;
  /** Of the answer; one without a body is undefined. */
  schema: T;
  headers?: Record<string, string>;
  /** Bytes as they are; anything else is sent as JSON. */
  body?: unknown;
  /** Told how many more bytes of the body have gone to the socket. */
  sent?: (bytes: number) => void;
}

const TIMEOUT_MS = 120_000;

/** One request to a registry, with the author's token. What it refuses becomes the result of the command. */
export async function askRegistry<T extends z.ZodType>(
  { registry, token }: Login,
  { method = 'GET', path, schema, headers = {}, body, sent }: Question<T>,
): Promise<RegistryReply<z.output<T>>> {
  const bytes = body instanceof Uint8Array;
  let response: Response;
  try {
    response = await fetch(new URL(path, registry), {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined || bytes ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : bytes ? counted(body, sent) : JSON.stringify(body),
      // Bytes are sent piece by piece; the answer is read when all are there.
      ...(bytes ? { duplex: 'half' as const } : {}),
    });
  } catch (error) {
    const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    return { ok: false, result: failure('REGISTRY_UNAVAILABLE', `The registry cannot be reached: ${why}`) };
  }
  const text = await response.text();
  const answer = jsonOrUndefined(text);
  const parsed = response.ok ? schema.safeParse(answer) : undefined;
  if (parsed?.success === true) return { ok: true, value: parsed.data };
  const refused = errorEnvelopeSchema.safeParse(answer);
  if (!refused.success) {
    const what = `The registry answered ${response.status}, and not as a registry does.`;
    return { ok: false, result: failure('REGISTRY_UNAVAILABLE', what) };
  }
  const { code, message, remedy, details = [] } = refused.data.error;
  const result = failure(code, message, { remedy, details });
  const lines = [...result.lines, ...details.map((one) => `  ${one.path}: ${one.message}`), remedy];
  return { ok: false, result: { ...result, lines } };
}

const PIECE_BYTES = 64 * 1024;

function counted(bytes: Uint8Array, sent: (bytes: number) => void = () => undefined): ReadableStream {
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        const piece = bytes.subarray(at, at + PIECE_BYTES);
        at += piece.length;
        if (piece.length === 0) return controller.close();
        controller.enqueue(piece);
        sent(piece.length);
      },
    },
    // A piece is taken when the one before has gone.
    { highWaterMark: 0 },
  );
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
