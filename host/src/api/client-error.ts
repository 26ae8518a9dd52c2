import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from './api-error.ts';

const HEADERS_TOO_LARGE = 431;

/** Answers what never became a request, in the one envelope, and ends its connection. */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Socket & { _httpMessage?: ServerResponse | null },
): void {
  // A second answer behind one that has begun would be taken for a part of it.
  if (socket.writable && error.code !== 'ECONNRESET' && socket._httpMessage?.headersSent !== true) {
    const [status, refusal] = refusalOf(error.code);
    const body = JSON.stringify(refusal.envelope());
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroy();
}

function refusalOf(code: string | undefined): [status: number, refusal: ApiError] {
  if (code === 'HPE_HEADER_OVERFLOW')
    return [HEADERS_TOO_LARGE, new ApiError('BODY_TOO_LARGE', 'The headers are larger than allowed.')];
  const refusal =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? new ApiError('REQUEST_TIMEOUT')
      : new ApiError('BODY_INVALID', 'This is not a request of HTTP.');
  return [refusal.status, refusal];
}
