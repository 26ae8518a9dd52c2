/**
 * The order of receipt: microseconds since the epoch, strictly rising within a host, also when the wall clock is set
 * back. Far below 2^53.
 */
export interface ReceiptClock {
  next(): number;
}

export function createReceiptClock(now: () => number = Date.now): ReceiptClock {
  let last = 0;
  return {
    next() {
      last = Math.max(last + 1, Math.floor(now() * 1000));
      return last;
    },
  };
}
