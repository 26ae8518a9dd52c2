import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { BatchWriter } from './batch-writer.ts';
import type { IntegrationCache } from './integration-cache.ts';
import { claimDue } from './pending-claims.ts';
import type { PendingCount } from './pending-count.ts';
import type { IngestByRulesDeps } from './rules/ingest-by-rules.ts';
import { settleByRun } from './settle.ts';

/**
 * Tries pending requests again.
 *
 *   idle --tick--> claiming --some are due--> running --all settled--> claiming ... --none--> idle
 *
 * Ticks come every second. A request whose host died while it held the claim is due again when the claim ends.
 */
export interface PendingWorker {
  /** Looks at once, beside the ticks. */
  wake(): void;
  close(): Promise<void>;
}

interface PendingWorkerDeps extends IngestByRulesDeps {
  db: Kysely<Database>;
  cache: IntegrationCache;
  writer: BatchWriter;
  pending: PendingCount;
  log: { warn(fields: object, message: string): void };
}

const TICK_MS = 1_000;
const CLAIM_AT_ONCE = 16;

export function startPendingWorker(deps: PendingWorkerDeps): PendingWorker {
  let closed = false;
  let working: Promise<void> | undefined;
  const timer = setInterval(wake, TICK_MS);
  timer.unref();

  function wake(): void {
    if (closed || working !== undefined) return;
    working = work()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'pending requests could not be tried again'))
      .finally(() => (working = undefined));
  }

  async function work(): Promise<void> {
    await deps.pending.refresh();
    for (;;) {
      const claimId = randomBytes(12).toString('hex');
      const claimed = closed ? [] : await claimDue(deps.db, claimId, CLAIM_AT_ONCE);
      if (claimed.length === 0) return;
      await Promise.all(
        claimed.map(async (request) =>
          settleByRun(deps, await deps.cache.find(request.integrationId), request, claimId),
        ),
      );
    }
  }

  return {
    wake,
    async close() {
      closed = true;
      clearInterval(timer);
      await working;
    },
  };
}
