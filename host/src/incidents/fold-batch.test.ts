import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId, type GroupId, type IncidentId, type ServiceId } from '@patchbay/plugin-sdk/contract/ids';
import { foldKey, groupByKey, mayNeedRecorded } from './fold-batch.ts';
import type { FoldAction, IncidentState, KeyState } from './fold.ts';
import type { KeyedEvent } from './keyed-event.ts';

const groupId: GroupId = newId('group');
const serviceId: ServiceId = newId('service');

const at = (order: number, action: FoldAction): KeyedEvent => ({
  id: newId('event'),
  groupId,
  serviceId,
  serviceName: 'S',
  environment: 'production',
  type: 'test',
  dedupKey: 'k',
  order,
  ordinal: 0,
  action,
  problem: action === 'trigger' ? { severity: 'error', summary: 's', source: 'x', customDetails: {}, links: [] } : null,
  severity: null,
  summary: null,
  payload: '{}',
  requestId: null,
  integrationId: null,
  actor: null,
  note: null,
});

/** Folds batch after batch, giving each of what is recorded only what it says that it needs. */
function run(batches: readonly (readonly KeyedEvent[])[]): KeyState | undefined {
  let key: KeyState | undefined;
  const recorded: KeyedEvent[] = [];
  const incidents = new Map<IncidentId, IncidentState>();
  for (const batch of batches) {
    const events = [...groupByKey(batch).values()].flat();
    const needed = key !== undefined && mayNeedRecorded(key, events) ? recorded : [];
    const folded = foldKey(key, events, needed);
    recorded.push(...events);
    for (const incident of [...folded.updated, ...folded.opened])
      incidents.set(incident.id, { ...incident, number: incident.number ?? incidents.size + 1 });
    const last = folded.key.incident;
    key = { ...folded.key, incident: last === null ? null : (incidents.get(last.id) ?? null) };
  }
  return key;
}

const statusIn = (key: KeyState | undefined) => {
  const status = key?.incident?.status ?? 'resolved';
  return status === 'resolved' ? 'none' : status;
};

describe('batches of events', () => {
  it('keep an acknowledgement when a late trigger and the late resolve of its incident come in one', () => {
    const key = run([
      [at(3, 'trigger'), at(4, 'acknowledge')],
      [at(2, 'resolve'), at(1, 'trigger')],
    ]);
    expect(key?.incident).toMatchObject({ status: 'acknowledged', openedOrder: 3 });
  });

  it('end as in order of receipt, however they are delayed and cut', () => {
    const program = fc
      .array(fc.constantFrom<FoldAction>('trigger', 'acknowledge', 'resolve'), { minLength: 2, maxLength: 9 })
      .chain((actions) =>
        fc.record({
          actions: fc.constant(actions),
          order: fc.shuffledSubarray([...actions.keys()], { minLength: actions.length }),
          cuts: fc.array(fc.boolean(), { minLength: actions.length, maxLength: actions.length }),
        }),
      );
    fc.assert(
      fc.property(program, ({ actions, order, cuts }) => {
        const events = actions.map((action, index) => at(index + 1, action));
        const batches: KeyedEvent[][] = [];
        let batch: KeyedEvent[] = [];
        for (const [position, index] of order.entries()) {
          batch.push(...events.slice(index, index + 1));
          if (!cuts[position] && position < order.length - 1) continue;
          batches.push(batch);
          batch = [];
        }
        expect(statusIn(run(batches))).toBe(statusIn(run([events])));
      }),
      { numRuns: 5000 },
    );
  });
});
