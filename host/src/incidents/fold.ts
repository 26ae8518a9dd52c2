import { isDeepStrictEqual } from 'node:util';
import type { EventId, IncidentId } from '@patchbay/plugin-sdk/contract/ids';
import type { ChangeType } from '@patchbay/plugin-sdk/contract/envelopes';
import type { Severity } from '@patchbay/plugin-sdk/contract/event-payload';
import type { Database } from '../store/schema.ts';

/**
 * What the events of one key (group, service, environment, type, dedup key) do to its incidents. Pure.
 *
 *              trigger                    acknowledge              resolve
 *   none       opens an incident          unmatched                unmatched
 *   open       updated | repeated         -> acknowledged          -> resolved
 *   acknowl.   updated | repeated         repeated                 -> resolved
 *   resolved   opens the next incident    repeated                 repeated
 *
 * By hand also `reopen`: resolved -> open, of the key's last incident.
 *
 * Order is the order of receipt, whenever an event is processed. For an event that comes late, older than one that is
 * recorded, the key's status is what all its events say in order:
 *
 *   unresolved    a trigger (or reopen) is later than the last resolve
 *   acknowledged  unresolved, and an acknowledge is later than the opening trigger, the first after that resolve
 *
 * So a late trigger that is older than a recorded resolve opens nothing, a late resolve that is older than the last
 * trigger leaves the incident unresolved but moves its opening (and may end its acknowledgement), and a late event
 * otherwise does what it would have done in time. Events of one request have one order and are folded together, so a
 * tie is broken by what was folded last.
 */
export type FoldAction = 'trigger' | 'acknowledge' | 'resolve' | 'reopen';

export interface FoldEvent {
  readonly id: EventId;
  /** Microseconds since the epoch, strictly rising by receipt; equal only within one request. */
  readonly order: number;
  readonly action: FoldAction;
  /** What a trigger says of the problem; null otherwise. */
  readonly problem: Problem | null;
}

/** The part of a trigger that its incident shows. */
export interface Problem {
  readonly severity: Severity;
  readonly summary: string;
  readonly source: string;
  readonly customDetails: Readonly<Record<string, unknown>>;
  readonly links: readonly { href: string; text?: string | undefined }[];
}

export interface IncidentState extends Problem {
  readonly id: IncidentId;
  /** Null until the batch that opens it has drawn its numbers. */
  readonly number: number | null;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  /** Order of the opening trigger. */
  readonly openedOrder: number;
  readonly lastTriggerOrder: number;
  readonly acknowledgedAt: number | null;
  readonly resolvedAt: number | null;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly eventCount: number;
  readonly previousIncidentId: IncidentId | null;
}

export interface KeyState {
  readonly lastOrder: number;
  readonly resolvedOrder: number;
  readonly acknowledgedOrder: number;
  /** The key's last incident. */
  readonly incident: IncidentState | null;
}

export type Effect = Database['events']['effect'];

export interface FoldStep {
  readonly key: KeyState;
  readonly effect: Effect;
  /** The incident in whose timeline the event stands. */
  readonly incidentId: IncidentId | null;
  readonly changes: readonly ChangeType[];
}

export const emptyKey: KeyState = { lastOrder: 0, resolvedOrder: 0, acknowledgedOrder: 0, incident: null };

/** Orders of triggers and acknowledges that are recorded for the key: needed only for a late resolve. */
export type Recorded = readonly { order: number; action: FoldAction }[];

/** True when folding the event needs the key's recorded events. */
export function needsRecorded(key: KeyState, event: Pick<FoldEvent, 'order' | 'action'>): boolean {
  const { incident } = key;
  return (
    event.action === 'resolve' &&
    incident !== null &&
    incident.status !== 'resolved' &&
    event.order > incident.openedOrder &&
    event.order < incident.lastTriggerOrder
  );
}

/**
 * Folds one event.
 *
 * @param recorded the key's events with their orders, at least when `needsRecorded`
 * @param newIncidentId draws the id of an incident that the event opens
 */
export function foldEvent(
  key: KeyState,
  event: FoldEvent,
  recorded: Recorded,
  newIncidentId: () => IncidentId,
): FoldStep {
  const step = foldAction(key, event, recorded, newIncidentId);
  const { incident } = step.key;
  const counted: IncidentState | null =
    incident !== null && step.incidentId === incident.id
      ? { ...incident, eventCount: incident.eventCount + 1, updatedAt: Math.max(incident.updatedAt, event.order) }
      : incident;
  return { ...step, key: { ...step.key, incident: counted, lastOrder: Math.max(key.lastOrder, event.order) } };
}

function foldAction(key: KeyState, event: FoldEvent, recorded: Recorded, newId: () => IncidentId): FoldStep {
  switch (event.action) {
    case 'trigger':
      return foldTrigger(key, event, newId);
    case 'acknowledge':
      return foldAcknowledge(key, event);
    case 'resolve':
      return foldResolve(key, event, recorded);
    case 'reopen':
      return foldReopen(key, event);
  }
}

function foldTrigger(key: KeyState, event: FoldEvent, newId: () => IncidentId): FoldStep {
  const { incident } = key;
  if (event.problem === null) throw new Error('A trigger says what the problem is');
  if (event.order < key.resolvedOrder) return inTimeline(key, 'late');
  if (incident === null || incident.status === 'resolved') return open(key, event, event.problem, newId());
  if (event.order < incident.lastTriggerOrder) {
    const openedOrder = Math.min(incident.openedOrder, event.order);
    return acknowledgedByRecord({ ...key, incident: { ...incident, openedOrder, openedAt: openedOrder } }, 'late', []);
  }
  const updated = { ...incident, ...event.problem, lastTriggerOrder: event.order };
  const step = inTimeline({ ...key, incident: updated }, says(incident, event.problem) ? 'repeated' : 'updated');
  return step.effect === 'repeated' ? step : { ...step, changes: ['incident.updated'] };
}

function open(key: KeyState, event: FoldEvent, problem: Problem, id: IncidentId): FoldStep {
  const incident: IncidentState = {
    ...problem,
    id,
    number: null,
    status: 'open',
    openedOrder: event.order,
    lastTriggerOrder: event.order,
    openedAt: event.order,
    updatedAt: event.order,
    acknowledgedAt: null,
    resolvedAt: null,
    eventCount: 0,
    previousIncidentId: key.incident?.id ?? null,
  };
  return acknowledgedByRecord({ ...key, incident }, 'opened', ['incident.opened']);
}

function foldAcknowledge(key: KeyState, event: FoldEvent): FoldStep {
  const { incident } = key;
  const next = { ...key, acknowledgedOrder: Math.max(key.acknowledgedOrder, event.order) };
  if (incident === null) return inTimeline(next, 'unmatched');
  if (incident.status === 'resolved') return inTimeline(next, event.order < key.lastOrder ? 'late' : 'repeated');
  if (event.order < incident.openedOrder) return inTimeline(next, 'late');
  if (incident.status === 'acknowledged') return inTimeline(next, 'repeated');
  const acknowledged: IncidentState = { ...incident, status: 'acknowledged', acknowledgedAt: event.order };
  return {
    ...inTimeline({ ...next, incident: acknowledged }, 'acknowledged'),
    changes: ['incident.acknowledged'],
  };
}

function foldResolve(key: KeyState, event: FoldEvent, recorded: Recorded): FoldStep {
  const { incident } = key;
  const next = { ...key, resolvedOrder: Math.max(key.resolvedOrder, event.order) };
  if (incident === null) return inTimeline(next, 'unmatched');
  if (incident.status === 'resolved') return inTimeline(next, event.order < key.lastOrder ? 'late' : 'repeated');
  if (event.order < incident.openedOrder) return inTimeline(next, 'late');
  if (event.order < incident.lastTriggerOrder) return moveOpening(next, incident, event.order, recorded);
  const resolved: IncidentState = { ...incident, status: 'resolved', resolvedAt: event.order };
  return { ...inTimeline({ ...next, incident: resolved }, 'resolved'), changes: ['incident.resolved'] };
}

/** A late resolve fell between two triggers of the incident: what opened it now is the first trigger after. */
function moveOpening(key: KeyState, incident: IncidentState, resolve: number, recorded: Recorded): FoldStep {
  let openedOrder = incident.lastTriggerOrder;
  for (const { order, action } of recorded)
    if ((action === 'trigger' || action === 'reopen') && order > resolve) openedOrder = Math.min(openedOrder, order);
  const acknowledged = recorded.some(({ order, action }) => action === 'acknowledge' && order > openedOrder);
  const moved = { ...incident, openedOrder, openedAt: openedOrder };
  if (incident.status === 'open' || acknowledged) return inTimeline({ ...key, incident: moved }, 'late');
  const unacknowledged: IncidentState = { ...moved, status: 'open', acknowledgedAt: null };
  return { ...inTimeline({ ...key, incident: unacknowledged }, 'late'), changes: ['incident.unacknowledged'] };
}

function foldReopen(key: KeyState, event: FoldEvent): FoldStep {
  const { incident } = key;
  if (incident === null || incident.status !== 'resolved') throw new Error('Only a resolved incident is reopened');
  const reopened: IncidentState = {
    ...incident,
    status: 'open',
    openedOrder: event.order,
    lastTriggerOrder: event.order,
    acknowledgedAt: null,
    resolvedAt: null,
  };
  return { ...inTimeline({ ...key, incident: reopened }, 'reopened'), changes: ['incident.reopened'] };
}

/** An opening that is older than a recorded acknowledge is acknowledged by it. */
function acknowledgedByRecord(key: KeyState, effect: Effect, changes: readonly ChangeType[]): FoldStep {
  const { incident } = key;
  if (incident === null || incident.status !== 'open' || key.acknowledgedOrder <= incident.openedOrder)
    return { ...inTimeline(key, effect), changes };
  const acknowledged: IncidentState = { ...incident, status: 'acknowledged', acknowledgedAt: key.acknowledgedOrder };
  return {
    ...inTimeline({ ...key, incident: acknowledged }, effect),
    changes: [...changes, 'incident.acknowledged'],
  };
}

function inTimeline(key: KeyState, effect: Effect): FoldStep {
  return { key, effect, incidentId: key.incident?.id ?? null, changes: [] };
}

function says(incident: Problem, problem: Problem): boolean {
  return (
    incident.severity === problem.severity &&
    incident.summary === problem.summary &&
    incident.source === problem.source &&
    isDeepStrictEqual(incident.links, problem.links) &&
    isDeepStrictEqual(incident.customDetails, problem.customDetails)
  );
}
