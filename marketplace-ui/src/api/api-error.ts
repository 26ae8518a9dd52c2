import { errorEnvelopeSchema } from '@patchbay/plugin-sdk/contract/rest/page';

export interface ApiErrorDetails {
  status: number;
  /** From the closed catalogue, or one of the interface's own: UNREACHABLE, ANSWER_UNEXPECTED. */
  code: string;
  message: string;
  remedy: string;
  details?: { path: string; message: string }[];
  requestId?: string;
}

/** A request that did not succeed, in the words of the host. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  readonly details: { path: string; message: string }[];
  readonly requestId: string | undefined;

  constructor(about: ApiErrorDetails) {
    super(about.message);
    this.status = about.status;
    this.code = about.code;
    this.remedy = about.remedy;
    this.details = about.details ?? [];
    this.requestId = about.requestId;
  }
}

/** What a failed answer says; an answer that is not ours (a proxy's page) is named as such. */
export function errorFromAnswer(status: number, body: unknown): ApiError {
  const parsed = errorEnvelopeSchema.safeParse(body);
  if (parsed.success) {
    const { details, requestId, ...rest } = parsed.data.error;
    return new ApiError({ status, ...rest, ...(details ? { details } : {}), ...(requestId ? { requestId } : {}) });
  }
  return new ApiError({
    status,
    code: 'ANSWER_UNEXPECTED',
    message: `The host answered ${status} without saying why.`,
    remedy: 'Try again; if it stays, look at the host log, or at the proxy in front of it.',
  });
}

/** The fields that the host refused, for a form's `setErrors`; `/settings/url` becomes `settings.url`. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    error.details.map(({ path, message }) => [path.replace(/^[/$.]+/, '').replaceAll('/', '.'), message]),
  );
}
