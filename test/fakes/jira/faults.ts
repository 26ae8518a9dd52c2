/** What the stand-in does with the next requests of an operation, before or after it really does it. */
export type Fault =
  | { kind: 'status'; status: number; headers: Record<string, string>; body: unknown }
  /** Does it, and closes the connection instead of answering. */
  | { kind: 'drop' }
  /** Answers after this time. */
  | { kind: 'slow'; ms: number };

export type Operation =
  'createIssue' | 'getIssue' | 'search' | 'comment' | 'getComments' | 'transition' | 'getTransitions' | 'remoteLink';

/** Faults that are still to come, by operation, each used once and in order. */
export class Faults {
  readonly #pending: { operation: Operation | 'any'; fault: Fault }[] = [];

  add(operation: Operation | 'any', fault: Fault, times = 1): void {
    for (let count = 0; count < times; count += 1) this.#pending.push({ operation, fault });
  }

  /** Answers with this status, `times` times. */
  fail(operation: Operation | 'any', status: number, times = 1): void {
    this.add(
      operation,
      { kind: 'status', status, headers: {}, body: { errorMessages: ['Internal server error'], errors: {} } },
      times,
    );
  }

  /** Carries the request out and loses the answer. */
  drop(operation: Operation | 'any', times = 1): void {
    this.add(operation, { kind: 'drop' }, times);
  }

  slow(operation: Operation | 'any', ms: number, times = 1): void {
    this.add(operation, { kind: 'slow', ms }, times);
  }

  /** Refuses as Jira's limits do: https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ */
  rateLimit(
    operation: Operation | 'any',
    { retryAfterSeconds, reason = 'jira-burst-based' }: { retryAfterSeconds: number; reason?: string },
    times = 1,
  ): void {
    const reset = new Date(Date.now() + retryAfterSeconds * 1000).toISOString();
    this.add(
      operation,
      {
        kind: 'status',
        status: 429,
        headers: {
          'retry-after': String(retryAfterSeconds),
          'x-ratelimit-limit': '100',
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': reset,
          'ratelimit-reason': reason,
        },
        body: { errorMessages: ['Rate limit exceeded.'], errors: {} },
      },
      times,
    );
  }

  take(operation: Operation): Fault | undefined {
    const index = this.#pending.findIndex((entry) => entry.operation === operation || entry.operation === 'any');
    return index < 0 ? undefined : this.#pending.splice(index, 1)[0]?.fault;
  }
}
