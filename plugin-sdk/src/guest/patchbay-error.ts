/**
 * An error with a code of the platform's catalogue (docs/reference/errors.md), for instance `OUTCOME_UNKNOWN` or
 * `EGRESS_TIMEOUT` from a request. A plugin may catch it.
 */
export class PatchbayError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }

  static {
    PatchbayError.prototype.name = 'PatchbayError';
  }
}
