import type { IncidentDetail, TimelineEntry } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { Bell, Send, Ticket, Zap, type LucideIcon } from 'lucide-react';
import { deliveryTone, incidentTone, severityTone } from '../components/status.tsx';
import { clockWords, durationWords } from '../components/time-words.ts';
import type { TraceNode, TraceStage } from '../components/trace.tsx';
import { effectLook } from './effect-look.ts';

type EventEntry = Extract<TimelineEntry, { kind: 'event' }>;
/** An event that a request brought, not a hand. */
type ReceivedEvent = EventEntry & { requestId: string };
type DeliveryEntry = Extract<TimelineEntry, { kind: 'delivery' }>;

export interface Line {
  stages: TraceStage[];
  cables: [string, string][];
}

const EVENTS_SHOWN = 3;
const DELIVERIES_SHOWN = 4;

/** The first of a list and its newest, with a hole in the middle when it is long. */
function ends<T>(all: readonly T[], count: number): T[] {
  return all.length <= count ? [...all] : [...all.slice(0, 1), ...all.slice(all.length - count + 1)];
}

/**
 * An incident as the line: requests, the plugin that read them, events, the incident, deliveries and tickets. Acts by
 * hand have no request; they are in the timeline only.
 *
 * @param receivedAt when the opening request came in, if known
 */
export function incidentLine(incident: IncidentDetail, receivedAt: string | null): Line {
  const events = incident.timeline.filter(
    (entry): entry is ReceivedEvent => entry.kind === 'event' && entry.requestId !== null,
  );
  const deliveries = incident.timeline.filter((entry): entry is DeliveryEntry => entry.kind === 'delivery');
  const shownEvents = ends(events, EVENTS_SHOWN);
  const shownDeliveries = newestPerDestination(deliveries).slice(0, DELIVERIES_SHOWN);
  const cables: [string, string][] = [];

  // The instant of the first event of each request, because the timeline has no other.
  const requests = new Map<string, string>();
  for (const event of shownEvents) if (!requests.has(event.requestId)) requests.set(event.requestId, event.at);
  const plugins = new Map<string, { plugin: string; event: EventEntry }>();
  for (const event of shownEvents) if (event.plugin) plugins.set(pluginKey(event), { plugin: event.plugin, event });
  const incidentNode = `incident:${incident.id}`;

  for (const event of shownEvents) {
    if (event.plugin) {
      cables.push([`request:${event.requestId}`, pluginKey(event)], [pluginKey(event), `event:${event.id}`]);
    }
    cables.push([`event:${event.id}`, incidentNode]);
  }
  const tickets = ticketsOf(incident, shownDeliveries);
  for (const delivery of shownDeliveries) {
    cables.push([incidentNode, `delivery:${delivery.id}`]);
    if (delivery.linked) cables.push([`delivery:${delivery.id}`, `ticket:${delivery.linked.key}`]);
  }

  const first = shownEvents[0];
  const firstDelivery = shownDeliveries.find((delivery) => delivery.finishedAt !== null);
  const stages: TraceStage[] = [
    {
      name: 'Request',
      nodes: [...requests].map(([id, at]) => node(`request:${id}`, incident.type, clockWords(Date.parse(at)))),
    },
    {
      name: 'Plugin',
      nodes: [...plugins].map(([key, { plugin, event }]) =>
        node(
          key,
          plugin.slice(plugin.indexOf('/') + 1),
          `${event.pluginVersion ?? ''}${event.durationMs === null ? '' : `, ${durationWords(event.durationMs)}`}`,
        ),
      ),
    },
    {
      name: 'Event',
      nodes: shownEvents.map((event) => ({
        ...node(`event:${event.id}`, effectLook(event.effect).title, clockWords(Date.parse(event.at)), Zap),
        ...(event.severity ? { tone: severityTone(event.severity) } : {}),
      })),
      hidden: events.length - shownEvents.length,
      ...gap(receivedAt, first?.at ?? null),
    },
    {
      name: 'Incident',
      nodes: [
        {
          ...node(incidentNode, `#${incident.number}`, incident.status, Bell),
          tone: incidentTone(incident.status),
        },
      ],
    },
    {
      name: 'Deliveries',
      nodes:
        shownDeliveries.length > 0
          ? shownDeliveries.map(deliveryNode)
          : [{ id: 'none', title: 'No delivery', about: 'no destination listens', empty: true }],
      hidden: deliveries.length - shownDeliveries.length,
      ...gap(first?.at ?? null, shownDeliveries[0]?.changeType === 'incident.opened' ? shownDeliveries[0].at : null),
    },
  ];
  if (tickets.length > 0) {
    stages.push({
      name: tickets.length === 1 ? 'Ticket' : 'Tickets',
      nodes: tickets,
      ...gap(firstDelivery?.at ?? null, firstDelivery?.finishedAt ?? null),
    });
  }
  return { stages: stages.filter((stage) => stage.nodes.length > 0), cables };
}

function pluginKey(event: EventEntry): string {
  return `plugin:${event.plugin ?? ''}@${event.pluginVersion ?? ''}`;
}

function node(id: string, title: string, about: string, icon?: LucideIcon): TraceNode {
  return { id, title, about, ...(icon ? { icon } : {}) };
}

/** The last word of every destination counts; failures first, because they want a person. */
function newestPerDestination(deliveries: readonly DeliveryEntry[]): DeliveryEntry[] {
  const newest = new Map(
    deliveries.map((delivery) => [`${delivery.destinationKind} ${delivery.destinationName}`, delivery]),
  );
  // The ticket belongs to the destination even when its newest delivery names none.
  const linked = new Map(
    deliveries.flatMap((one) => (one.linked ? [[`${one.destinationKind} ${one.destinationName}`, one.linked]] : [])),
  );
  const rank = (delivery: DeliveryEntry) => (delivery.state === 'dead' ? 0 : delivery.state === 'retrying' ? 1 : 2);
  return [...newest]
    .map(([key, delivery]) => ({ ...delivery, linked: delivery.linked ?? linked.get(key) ?? null }))
    .sort((a, b) => rank(a) - rank(b) || Number(b.linked !== null) - Number(a.linked !== null));
}

function deliveryNode(delivery: DeliveryEntry): TraceNode {
  const took =
    delivery.finishedAt === null ? '' : `, ${durationWords(Date.parse(delivery.finishedAt) - Date.parse(delivery.at))}`;
  return {
    id: `delivery:${delivery.id}`,
    title: delivery.destinationName,
    about: `${delivery.state}${took}`,
    icon: Send,
    tone: deliveryTone(delivery.state),
  };
}

function ticketsOf(incident: IncidentDetail, deliveries: readonly DeliveryEntry[]): TraceNode[] {
  const tickets = new Map<string, { key: string; href: string }>();
  for (const delivery of deliveries) if (delivery.linked) tickets.set(delivery.linked.key, delivery.linked);
  for (const ticket of incident.linked) tickets.set(ticket.key, ticket);
  return [...tickets.values()].map((ticket) =>
    node(`ticket:${ticket.key}`, ticket.key, URL.canParse(ticket.href) ? new URL(ticket.href).host : 'linked', Ticket),
  );
}

function gap(from: string | null, to: string | null): { gap?: string } {
  if (from === null || to === null) return {};
  const ms = Date.parse(to) - Date.parse(from);
  // Receipt and event share one instant when the plugin answered in time.
  return ms > 0 ? { gap: `+${durationWords(ms)}` } : {};
}
