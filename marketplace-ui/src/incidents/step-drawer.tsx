import type { IncidentDetail, TimelineEntry } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Actor } from '../components/actor.tsx';
import { CopyText } from '../components/copy-button.tsx';
import { DetailDrawer } from '../components/detail-drawer.tsx';
import { ErrorCode } from '../components/error-code.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Facts } from '../components/facts.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { PageSkeleton } from '../components/skeletons.tsx';
import { DeliveryStatus, IncidentState, Severity } from '../components/status.tsx';
import { Duration, Nothing, Time } from '../components/time.tsx';
import { Attempts } from '../deliveries/attempts.tsx';
import { failureText } from '../deliveries/failure-text.ts';
import { NextAttempt } from '../deliveries/next-attempt.tsx';
import { deliveryQuery } from '../deliveries/delivery-queries.ts';
import { RequestBody } from '../requests/request-body.tsx';
import { PluginLink, RequestFacts } from '../requests/request-facts.tsx';
import { requestQuery } from '../requests/request-queries.ts';
import { effectLook } from './effect-look.ts';
import { Tickets } from '../components/tickets.tsx';

interface StepDrawerProps {
  incident: IncidentDetail;
  /** `request:ID`, `plugin:ns/name@version`, `event:ID`, `incident:ID`, `delivery:ID`, `ticket:KEY`; null: closed. */
  step: string | null;
  onClose: () => void;
}

/** The details of one step of the line. */
export function StepDrawer({ incident, step, onClose }: StepDrawerProps) {
  const { title, body } = step === null ? { title: null, body: null } : contentOf(incident, step);
  return (
    <DetailDrawer title={title} onClose={onClose}>
      {body}
    </DetailDrawer>
  );
}

function contentOf(incident: IncidentDetail, step: string): { title: string; body: ReactNode } {
  const kind = step.slice(0, step.indexOf(':'));
  const id = step.slice(step.indexOf(':') + 1);
  switch (kind) {
    case 'request':
      return { title: 'Request', body: <RequestStep id={id} /> };
    case 'plugin': {
      const [plugin = '', version = ''] = id.split('@');
      return { title: 'Plugin', body: <PluginStep plugin={plugin} version={version} incident={incident} /> };
    }
    case 'event': {
      const entry = incident.timeline.find((one) => one.kind === 'event' && one.id === id);
      return { title: 'Event', body: entry?.kind === 'event' ? <EventStep event={entry} incident={incident} /> : null };
    }
    case 'delivery':
      return { title: 'Delivery', body: <DeliveryStep id={id} /> };
    case 'ticket':
      return { title: `Ticket ${id}`, body: <TicketStep ticketKey={id} incident={incident} /> };
    default:
      return { title: `Incident ${incident.number}`, body: <IncidentFacts incident={incident} /> };
  }
}

function RequestStep({ id }: { id: string }) {
  const request = useQuery(requestQuery(id));
  if (request.error) return <ErrorState inset error={request.error} onRetry={() => void request.refetch()} />;
  if (!request.data) return <PageSkeleton />;
  return (
    <Stack gap="md">
      <RequestFacts request={request.data} />
      <RequestBody body={request.data.body} />
      <ButtonLink variant="default" to="/requests/$id" params={{ id }}>
        Open the request
      </ButtonLink>
    </Stack>
  );
}

function PluginStep({ plugin, version, incident }: { plugin: string; version: string; incident: IncidentDetail }) {
  const runs = incident.timeline.filter(
    (entry) => entry.kind === 'event' && entry.plugin === plugin && entry.pluginVersion === version,
  );
  const last = runs.at(-1);
  return (
    <Facts
      entries={[
        ['Plugin', <PluginLink plugin={plugin} version={version} />],
        ['Events here', runs.length],
        ['Last run', last ? <Time at={last.at} exact /> : <Nothing />],
        ['Took', <Duration ms={last?.kind === 'event' ? last.durationMs : null} />],
      ]}
    />
  );
}

function effectWords(effect: string): string {
  const { title, means } = effectLook(effect);
  return means === null ? title : `${title}. ${means}`;
}

type EventEntry = Extract<TimelineEntry, { kind: 'event' }>;

function EventStep({ event, incident }: { event: EventEntry; incident: IncidentDetail }) {
  return (
    <Facts
      entries={[
        ['Action', event.action],
        ['Effect', effectWords(event.effect)],
        ['At', <Time at={event.at} exact />],
        ['Severity', event.severity ? <Severity value={event.severity} /> : undefined],
        [event.actor === null ? 'Summary' : 'Note', event.summary ?? undefined],
        ['By', event.actor === null ? undefined : <Actor name={event.actor} />],
        ['Plugin', event.plugin ? <PluginLink plugin={event.plugin} version={event.pluginVersion} /> : undefined],
        ['Took', event.durationMs === null ? undefined : <Duration ms={event.durationMs} />],
        ['Key', <CopyText text={incident.dedupKey} label="Copy key" />],
        [
          'Request',
          event.requestId ? (
            <TextLink to="/requests/$id" params={{ id: event.requestId }} className="mono">
              {event.requestId}
            </TextLink>
          ) : undefined,
        ],
        ['Id', <CopyText text={event.id} label="Copy event id" />],
      ]}
    />
  );
}

function DeliveryStep({ id }: { id: string }) {
  const delivery = useQuery(deliveryQuery(id));
  if (delivery.error) return <ErrorState inset error={delivery.error} onRetry={() => void delivery.refetch()} />;
  if (!delivery.data) return <PageSkeleton />;
  const { data } = delivery;
  return (
    <Stack gap="md">
      <Facts
        entries={[
          ['State', <DeliveryStatus value={data.state} />],
          ['To', data.destinationName],
          ['Change', <span className="mono">{data.changeType}</span>],
          ['Made', <Time at={data.createdAt} exact />],
          ['Ended', data.finishedAt ? <Time at={data.finishedAt} exact /> : undefined],
          [
            'Next attempt',
            data.nextAttemptAt ? (
              <NextAttempt at={data.nextAttemptAt} destinationState={data.destinationState} />
            ) : undefined,
          ],
          ['Ticket', data.linked ? <Tickets linked={[data.linked]} /> : undefined],
        ]}
      />
      <ErrorCode code={data.code} message={failureText(data.state, data.message)} />
      <div style={{ marginInline: -16 }}>
        <Attempts attempts={data.attemptList} said={failureText(data.state, data.message)} />
      </div>
      <ButtonLink variant="default" to="/deliveries/$id" params={{ id }}>
        Open the delivery
      </ButtonLink>
    </Stack>
  );
}

function TicketStep({ ticketKey, incident }: { ticketKey: string; incident: IncidentDetail }) {
  const fromDelivery = incident.timeline.find((entry) => entry.kind === 'delivery' && entry.linked?.key === ticketKey);
  const known = incident.linked.find((ticket) => ticket.key === ticketKey);
  const link = known ?? (fromDelivery?.kind === 'delivery' ? fromDelivery.linked : null);
  return (
    <Facts
      entries={[
        ['Ticket', link ? <Tickets linked={[link]} /> : ticketKey],
        ['Title', known?.title ?? undefined],
        ['Address', link ? <CopyText text={link.href} label="Copy address" /> : undefined],
        ['Made', fromDelivery ? <Time at={fromDelivery.at} exact /> : undefined],
      ]}
    />
  );
}

export function IncidentFacts({ incident }: { incident: IncidentDetail }) {
  return (
    <Facts
      entries={[
        ['Status', <IncidentState value={incident.status} />],
        ['Severity', <Severity value={incident.severity} />],
        [
          'Service',
          <TextLink to="/services/$id" params={{ id: incident.serviceId }}>
            {incident.serviceName}
          </TextLink>,
        ],
        ['Source', <span className="mono">{incident.source}</span>],
        ['Type', <span className="mono">{incident.type}</span>],
        ['Opened', <Time at={incident.openedAt} />],
        ['Updated', <Time at={incident.updatedAt} />],
        ['Acknowledged', incident.acknowledgedAt ? <Time at={incident.acknowledgedAt} /> : undefined],
        ['Resolved', incident.resolvedAt ? <Time at={incident.resolvedAt} /> : undefined],
        ['Events', incident.eventCount],
        ['Key', <CopyText text={incident.dedupKey} label="Copy key" />],
        ['Id', <CopyText text={incident.id} label="Copy incident id" />],
      ]}
    />
  );
}
