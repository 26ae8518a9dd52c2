import type { DeliverResult } from '@patchbay/plugin-sdk';

/** Thrown to end a delivery with a result that is already known, from wherever that became clear. */
export class Outcome extends Error {
  readonly result: DeliverResult;

  constructor(result: DeliverResult) {
    super('reason' in result ? result.reason : result.outcome);
    this.result = result;
  }
}
