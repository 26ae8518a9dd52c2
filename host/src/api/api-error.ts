import { errorCatalogue, type ApiErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import type { Issue } from '@patchbay/plugin-sdk/contract/envelopes';
import type { ErrorEnvelope } from '@patchbay/plugin-sdk/contract/rest/page';

interface ApiErrorOptions {
  details?: Issue[];
  retryAfterSeconds?: number;
  /** Extra response headers, e.g. Allow or WWW-Authenticate. */
  headers?: Record<string, string>;
  cause?: unknown;
}

/** A refusal with a code of the catalogue: thrown anywhere below a route, written by the error handler. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly status: number;
  readonly details: Issue[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Record<string, string>;

  /** @param message what happened here, for the one who asked; the catalogue's sentence when left out */
  constructor(code: ApiErrorCode, message?: string, options: ApiErrorOptions = {}) {
    super(message ?? errorCatalogue[code].means, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = errorCatalogue[code].status;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.headers = options.headers ?? {};
  }

  /** The one error envelope of the API. */
  envelope(requestId?: string): ErrorEnvelope {
    return {
      error: {
        code: this.code,
        message: this.message,
        remedy: errorCatalogue[this.code].remedy,
        ...(this.details === undefined ? {} : { details: this.details }),
        ...(requestId === undefined ? {} : { requestId }),
      },
    };
  }
}
