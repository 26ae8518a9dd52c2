import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import {
  emptyKey,
  foldEvent,
  needsRecorded,
  type FoldAction,
  type FoldEvent,
  type FoldStep,
  type KeyState,
} from './fold.ts';

const problem = {
  severity: 'error',
  summary: 'disk full',
  source: 'db-1',
  customDetails: { free: 1 },
  links: [],
} as const;
const at = (order: number, action: FoldAction, summary?: string): FoldEvent => ({
  id: newId('event'),
  order,
  action,
  problem: action === 'trigger' ? { ...problem, summary: summary ?? problem.summary } : null,
});

/** Folds in the order given, keeping what a database would have recorded. */
function run(events: readonly FoldEvent[]): { key: KeyState; steps: FoldStep[] } {
  let key = emptyKey;
  const steps: FoldStep[] = [];
  const recorded: FoldEvent[] = [];
  for (const event of events) {
    const step = foldEvent(key, event, needsRecorded(key, event) ? recorded : [], () => newId('incident'));
    recorded.push(event);
    steps.push(step);
    key = step.key;
  }
  return { key, steps };
}

/** The rule as the module's head states it, over all events at once. */
function statusOf(events: readonly FoldEvent[]): 'none' | 'open' | 'acknowledged' {
  const last = (action: FoldAction) =>
    Math.max(0, ...events.filter((event) => event.action === action).map((event) => event.order));
  const resolved = last('resolve');
  const opening = Math.min(
    ...events.filter((event) => event.action === 'trigger' && event.order > resolved).map((event) => event.order),
  );
  if (opening === Infinity) return 'none';
  return last('acknowledge') > opening ? 'acknowledged' : 'open';
}

const statusIn = (key: KeyState) =>
  key.incident === null || key.incident.status === 'resolved' ? 'none' : key.incident.status;

describe('events in order', () => {
  it('open, repeat, update, acknowledge, resolve, and open the next, linked to the last', () => {
    const { key, steps } = run([
      at(1, 'trigger'),
      at(2, 'trigger'),
      at(3, 'trigger', 'disk fuller'),
      at(4, 'acknowledge'),
      at(5, 'acknowledge'),
      at(6, 'trigger', 'disk fuller'),
      at(7, 'resolve'),
      at(8, 'resolve'),
      at(9, 'trigger'),
    ]);
    expect(steps.map((step) => step.effect)).toEqual([
      'opened',
      'repeated',
      'updated',
      'acknowledged',
      'repeated',
      'repeated',
      'resolved',
      'repeated',
      'opened',
    ]);
    expect(steps.flatMap((step) => step.changes)).toEqual([
      'incident.opened',
      'incident.updated',
      'incident.acknowledged',
      'incident.resolved',
      'incident.opened',
    ]);
    expect(key.incident?.previousIncidentId).toBe(steps[0]?.incidentId);
    expect(steps[6]?.key.incident).toMatchObject({ eventCount: 7, acknowledgedAt: 4, resolvedAt: 7, openedAt: 1 });
  });

  it('call what matches nothing unmatched', () => {
    const { key, steps } = run([at(1, 'resolve'), at(2, 'acknowledge')]);
    expect(steps.map((step) => [step.effect, step.incidentId])).toEqual([
      ['unmatched', null],
      ['unmatched', null],
    ]);
    expect(key).toMatchObject({ resolvedOrder: 1, acknowledgedOrder: 2, lastOrder: 2, incident: null });
  });

  it('reopen the last incident by hand', () => {
    const { key, steps } = run([at(1, 'trigger'), at(2, 'resolve'), at(3, 'reopen'), at(4, 'trigger')]);
    expect(steps.map((step) => step.effect)).toEqual(['opened', 'resolved', 'reopened', 'repeated']);
    expect(new Set(steps.map((step) => step.incidentId)).size).toBe(1);
    expect(key.incident).toMatchObject({ status: 'open', resolvedAt: null });
  });
});

describe('late events', () => {
  it('open nothing when a resolve that was received later is recorded', () => {
    const { key, steps } = run([at(2, 'resolve'), at(1, 'trigger')]);
    expect(steps.map((step) => step.effect)).toEqual(['unmatched', 'late']);
    expect(key.incident).toBeNull();
  });

  it('end an acknowledgement whose incident had been resolved in between', () => {
    const { key, steps } = run([at(1, 'trigger'), at(4, 'trigger'), at(2, 'acknowledge'), at(3, 'resolve')]);
    expect(steps[3]).toMatchObject({ effect: 'late', changes: ['incident.unacknowledged'] });
    expect(key.incident).toMatchObject({ status: 'open', openedOrder: 4 });
  });

  it('do not overwrite what a newer trigger said', () => {
    const { key } = run([at(5, 'trigger', 'new'), at(3, 'trigger', 'old')]);
    expect(key.incident).toMatchObject({ summary: 'new', openedAt: 3 });
  });
});

const actions = fc.constantFrom<FoldAction>('trigger', 'acknowledge', 'resolve');

it('ends as in order of receipt, whatever the permutation', () => {
  fc.assert(
    fc.property(
      fc
        .array(actions, { minLength: 1, maxLength: 9 })
        .chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray([...list.keys()], { minLength: list.length })),
        ),
      ([list, order]) => {
        const events = list.map((action, index) => at(index + 1, action));
        const shuffled = order.map((index) => events[index]!);
        const expected = statusOf(events);
        expect(statusIn(run(events).key)).toBe(expected);
        expect(statusIn(run(shuffled).key)).toBe(expected);
      },
    ),
    { numRuns: 20_000 },
  );
});

it('ends in order also for every permutation of five', () => {
  const all = (items: FoldEvent[]): FoldEvent[][] =>
    items.length < 2
      ? [items]
      : items.flatMap((item, index) => all(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]));
  const kinds: FoldAction[] = ['trigger', 'acknowledge', 'resolve'];
  for (let code = 0; code < 3 ** 5; code++) {
    const events = Array.from({ length: 5 }, (_, index) => at(index + 1, kinds[Math.floor(code / 3 ** index) % 3]!));
    const expected = statusOf(events);
    for (const permuted of all(events))
      if (statusIn(run(permuted).key) !== expected)
        expect.fail(`${permuted.map((event) => `${event.action}@${event.order}`).join(' ')} is not ${expected}`);
  }
});
