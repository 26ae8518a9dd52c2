import type { GroupId, IntegrationId } from '@patchbay/plugin-sdk/contract/ids';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import { isDatabaseGone } from '../store/database-errors.ts';
import type { Store } from '../store/open-store.ts';
import { countRefusal, type CounterDeltas } from './counters.ts';
import type { DoorAnswer } from './door-request.ts';
import { groupsOf, writeProcedure, type BatchResult } from './write-batch.ts';
import type { Origin, WriteEntry } from './write-entry.ts';

/**
 * Requests that arrive together commit together: whatever comes while a batch commits is the next batch.
 *
 *   waiting --a batch is free--> committing --> written
 *                                    |--> split in two, when a statement failed --> committing
 *                                    |--> put aside without its events, when it fails alone
 *                                    |--> rejected, when the database is gone
 *
 * So one tenant's request never fails another's, and nobody waits for a timer.
 */
export interface BatchWriter {
  /**
   * Resolves once the entry is committed.
   *
   * @throws QueueFullError when too much waits, or the error of a database that is gone
   */
  write(entry: WriteEntry): Promise<Written>;
  /** Counts a refused request that is not recorded; goes along with the next batch. */
  countRefused(from: Origin, groupId: GroupId, integrationId: IntegrationId, at: number): void;
  /** Waits for everything that was handed in. */
  drain(): Promise<void>;
}

export type Written =
  | 'written'
  /** The result came after somebody else had taken the request over; it was dropped. */
  | 'superseded'
  /** Its events cannot be stored; the request is kept as dead. */
  | 'put-aside'
  /** The delivery had been taken before; what the first was answered. */
  | { readonly repeated: DoorAnswer };

export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

interface Waiting {
  entry: WriteEntry;
  bytes: number;
  resolve(written: Written): void;
  reject(error: unknown): void;
}

export interface BatchWriterOptions {
  store: Pick<Store, 'call'>;
  publicUrl: string;
  /** Batches that commit at the same time. */
  concurrency: number;
  /** Beyond it what comes is refused. */
  queueBytes?: number | undefined;
  /** After each commit; may not throw. */
  onCommitted(event: { groups: ReadonlySet<GroupId>; changes: number; queued: number; pending: boolean }): void;
  log: { error(fields: object, message: string): void };
}

const BATCH_BYTES = 8 * 1024 * 1024;
/** What a request takes beside its body, roughly. */
const ENTRY_BYTES = 2_000;
const COUNT_FLUSH_MS = 1_000;
const NONE: CounterDeltas = new Map();

export function createBatchWriter(options: BatchWriterOptions): BatchWriter {
  const { store, publicUrl, concurrency, queueBytes = ingestLimits.queueBytes, onCommitted, log } = options;
  let queue: Waiting[] = [];
  let queuedBytes = 0;
  let committing = 0;
  let scheduled = false;
  let refused: CounterDeltas = new Map();
  let flushTimer: NodeJS.Timeout | undefined;
  const running = new Set<Promise<void>>();

  // On the next turn of the loop, so that what the loop has read by then goes along.
  function schedule(): void {
    if (scheduled || committing >= concurrency) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (committing >= concurrency || (queue.length === 0 && refused.size === 0)) return;
      committing += 1;
      const batch = takeBatch();
      const run: Promise<void> = commit(batch, takeRefused()).finally(() => {
        committing -= 1;
        running.delete(run);
        if (queue.length > 0) schedule();
      });
      running.add(run);
      if (queue.length > 0) schedule();
    });
  }

  function takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of queue) {
      bytes += waiting.bytes;
      if (count === ingestLimits.batchRequests || (count > 0 && bytes > BATCH_BYTES)) break;
      count += 1;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    for (const waiting of batch) queuedBytes -= waiting.bytes;
    return batch;
  }

  function takeRefused(): CounterDeltas {
    const deltas = refused;
    refused = new Map();
    return deltas;
  }

  async function commit(batch: readonly Waiting[], extra: CounterDeltas): Promise<void> {
    const entries = batch.map((waiting) => waiting.entry);
    try {
      const result = await store.call(writeProcedure, entries, extra, publicUrl);
      for (const { entry, resolve } of batch) resolve(writtenOf(entry, result));
      onCommitted({
        groups: groupsOf(entries),
        changes: result.changes,
        queued: result.queued,
        pending: entries.some((entry) => entry.verdict.state === 'pending'),
      });
    } catch (error) {
      await commitInParts(batch, extra, error);
    }
  }

  async function commitInParts(batch: readonly Waiting[], extra: CounterDeltas, error: unknown): Promise<void> {
    if (isDatabaseGone(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await commit(batch.slice(0, middle), extra);
      await commit(batch.slice(middle), NONE);
      return;
    }
    const [alone] = batch;
    if (alone === undefined) return;
    log.error({ err: error, request: alone.entry.request.requestId }, 'a request cannot be stored with its events');
    await putAside(alone, extra);
  }

  /** The raw request is kept, where a person can see it. */
  async function putAside({ entry, resolve, reject }: Waiting, extra: CounterDeltas): Promise<void> {
    const verdict = {
      ...entry.verdict,
      state: 'dead' as const,
      code: 'INTERNAL',
      reason: 'Its events cannot be stored.',
      issues: null,
      logs: null,
      nextAttemptAt: null,
      claim: null,
    };
    try {
      const { repeated } = await store.call(writeProcedure, [{ ...entry, verdict, events: [] }], extra, publicUrl);
      const before = repeated.get(entry.request.requestId);
      resolve(before === undefined ? 'put-aside' : { repeated: before });
    } catch (error) {
      reject(error);
    }
  }

  return {
    write(entry) {
      const bytes = ENTRY_BYTES + (entry.kind === 'receive' ? entry.request.body.length : 0);
      if (queuedBytes + bytes > queueBytes) return Promise.reject(new QueueFullError('Too much waits to be stored'));
      return new Promise((resolve, reject) => {
        queue.push({ entry, bytes, resolve, reject });
        queuedBytes += bytes;
        schedule();
      });
    },
    countRefused(from, groupId, integrationId, at) {
      countRefusal(refused, from, groupId, integrationId, at);
      flushTimer ??= setTimeout(() => {
        flushTimer = undefined;
        schedule();
      }, COUNT_FLUSH_MS).unref();
    },
    async drain() {
      while (queue.length > 0 || refused.size > 0 || running.size > 0) {
        schedule();
        await new Promise((resolve) => setImmediate(resolve));
        await Promise.all(running);
      }
      clearTimeout(flushTimer);
    },
  };
}

function writtenOf({ request: { requestId } }: WriteEntry, { superseded, repeated }: BatchResult): Written {
  if (superseded.has(requestId)) return 'superseded';
  const before = repeated.get(requestId);
  return before === undefined ? 'written' : { repeated: before };
}
