import type { Issue } from '../contract/envelopes.ts';

/** Thrown by the request's helpers; the wrapper around `ingest` makes the `invalid` result of it. */
export class InvalidPayload extends Error {
  readonly issues: Issue[];

  constructor(reason: string, issues: Issue[]) {
    super(reason);
    this.issues = issues;
  }

  static {
    InvalidPayload.prototype.name = 'InvalidPayload';
  }
}
