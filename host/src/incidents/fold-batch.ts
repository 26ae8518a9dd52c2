import { newId } from '@patchbay/plugin-sdk/contract/ids';
import type { ChangeType } from '@patchbay/plugin-sdk/contract/envelopes';
import { emptyKey, foldEvent, type FoldStep, type IncidentState, type KeyState, type Recorded } from './fold.ts';
import type { KeyedEvent } from './keyed-event.ts';

/** Names a key within a batch. */
export function keyOf(event: Pick<KeyedEvent, 'groupId' | 'serviceId' | 'environment' | 'type' | 'dedupKey'>): string {
  return `${event.groupId}\n${event.serviceId}\n${event.environment}\n${event.type}\n${event.dedupKey}`;
}

/** Events by key, each key's in order of receipt. */
export function groupByKey(events: readonly KeyedEvent[]): Map<string, KeyedEvent[]> {
  const groups = new Map<string, KeyedEvent[]>();
  for (const event of events) {
    const key = keyOf(event);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  for (const group of groups.values())
    if (group.length > 1) group.sort((a, b) => a.order - b.order || a.ordinal - b.ordinal);
  return groups;
}

export interface FoldedEvent {
  readonly event: KeyedEvent;
  readonly effect: FoldStep['effect'];
  readonly incidentId: FoldStep['incidentId'];
}

export interface FoldedChange {
  readonly type: ChangeType;
  readonly incident: IncidentState;
  readonly cause: KeyedEvent;
}

export interface FoldedKey {
  readonly key: KeyState;
  readonly first: KeyedEvent;
  readonly events: readonly FoldedEvent[];
  readonly changes: readonly FoldedChange[];
  /** Incidents as they are at the end, those of before first. */
  readonly updated: readonly IncidentState[];
  readonly opened: readonly IncidentState[];
}

/**
 * True when one of the events may only be folded with the key's recorded events at hand: a resolve that is older than
 * the last trigger. Whether it is also later than the opening is not known yet, since a late trigger of the same batch
 * may move that.
 */
export function mayNeedRecorded({ incident }: KeyState, events: readonly KeyedEvent[]): boolean {
  if (incident === null || incident.status === 'resolved') return false;
  return events.some(({ action, order }) => action === 'resolve' && order < incident.lastTriggerOrder);
}

/**
 * Folds the events of one key. Updates that follow each other at once become one change, with the last state.
 *
 * @param before the key as it is recorded, undefined when nothing is
 * @param recorded what is recorded of its events, when `mayNeedRecorded`
 */
export function foldKey(before: KeyState | undefined, events: readonly KeyedEvent[], recorded: Recorded): FoldedKey {
  const first = events[0];
  if (first === undefined) throw new Error('A key is folded with at least one event');
  let key = before ?? emptyKey;
  const history = [...recorded];
  const folded: FoldedEvent[] = [];
  const changes: FoldedChange[] = [];
  const states = new Map<string, IncidentState>();
  for (const event of events) {
    const previous = key.incident;
    const step = foldEvent(key, event, history, () => newId('incident', Math.floor(event.order / 1000)));
    history.push(event);
    key = step.key;
    folded.push({ event, effect: step.effect, incidentId: step.incidentId });
    if (key.incident !== null && key.incident !== previous) states.set(key.incident.id, key.incident);
    for (const type of step.changes) {
      if (key.incident === null) continue;
      const change = { type, incident: key.incident, cause: event };
      const last = changes.at(-1);
      if (type === 'incident.updated' && last?.type === type && last.incident.id === change.incident.id) changes.pop();
      changes.push(change);
    }
  }
  const all = [...states.values()];
  return {
    key,
    first,
    events: folded,
    changes,
    updated: all.filter((incident) => incident.number !== null),
    opened: all.filter((incident) => incident.number === null),
  };
}
