import type { AskKind } from '@patchbay/plugin-sdk/contract/journal';

/** As much of an ask in a journal as it takes to say whether its answer may be taken back. */
export interface JournaledAsk {
  number: number;
  kind: AskKind;
  /** The batch that handed over its answer. */
  batch: number | null;
  /** The first batch that was handed over after it was made; null when that is not known. */
  beforeBatch: number | null;
}

interface LastRound<A> {
  /** Asks whose answers were handed over since the plugin last asked for something. */
  answered: A[];
  /** Asks made later, which are to be forgotten if one of those answers is taken back. */
  after: A[];
}

/**
 * The rounds of a call, the last one first. A round is what was handed over without the plugin asking for anything
 * meanwhile: all its answers may be taken back and the replay still asks for the same, in whatever order they had come.
 *
 * A round before the last is given only as long as all that was asked since are operations of the store, sleeps and
 * events: they can be forgotten and asked for anew. A request cannot: it may have done something.
 */
export function* lastRounds<A extends JournaledAsk>(asks: readonly A[]): Generator<LastRound<A>> {
  const lastBatch = asks.reduce((last, { batch }) => Math.max(last, batch ?? -1), -1);
  const madeBefore = (ask: A) => ask.beforeBatch ?? lastBatch;
  let kept = [...asks];
  const after: A[] = [];
  while (kept.length > 0) {
    const start = Math.max(...kept.map(madeBefore));
    yield { answered: kept.filter(({ batch }) => batch !== null && batch >= start), after: [...after] };
    const lastAsked = kept.filter((ask) => madeBefore(ask) === start);
    if (lastAsked.some(({ kind, beforeBatch }) => kind === 'http' || beforeBatch === null)) return;
    kept = kept.filter((ask) => madeBefore(ask) !== start);
    after.push(...lastAsked);
  }
}
