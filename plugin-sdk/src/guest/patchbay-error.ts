const BRAND = Symbol.for('patchbay.error');

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

  /** The prelude and a plugin's bundle each hold this class; an error of one is an error of the other. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  static {
    PatchbayError.prototype.name = 'PatchbayError';
    Object.defineProperty(PatchbayError.prototype, BRAND, { value: true });
  }
}
