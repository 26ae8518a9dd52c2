import { Button } from '@mantine/core';
import type { DeliveryDetail } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { CopyText } from '../components/copy-button.tsx';
import { DetailDrawer } from '../components/detail-drawer.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorCode } from '../components/error-code.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Facts } from '../components/facts.tsx';
import { JsonView } from '../components/json-view.tsx';
import { TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { useSingleKey } from '../components/single-keys.ts';
import { PageSkeleton } from '../components/skeletons.tsx';
import { DeliveryStatus } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import { Trace } from '../components/trace.tsx';
import { Tickets } from '../components/tickets.tsx';
import { PluginLink } from '../requests/request-facts.tsx';
import { Attempts, Exchange } from './attempts.tsx';
import { changeWords } from './change-words.ts';
import { deliveryLine } from './delivery-line.ts';
import { deliveryQuery, useCancelDelivery } from './delivery-queries.ts';
import { failureText } from './failure-text.ts';
import { NextAttempt } from './next-attempt.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import classes from '../components/detail-layout.module.css';

const route = getRouteApi('/app/deliveries/$id');
const crumbs = [
  <TextLink to="/deliveries" inherit>
    Deliveries
  </TextLink>,
];

export function DeliveryPage() {
  const { id } = route.useParams();
  const delivery = useQuery(deliveryQuery(id));
  if (delivery.data) return <DeliveryView delivery={delivery.data} />;
  if (delivery.error) {
    return (
      <>
        <PageHeader title="Delivery" crumbs={crumbs} />
        <ErrorState error={delivery.error} onRetry={() => void delivery.refetch()} />
      </>
    );
  }
  return <PageSkeleton />;
}

const ended = ['delivered', 'dead', 'skipped', 'cancelled'];

function DeliveryView({ delivery }: { delivery: DeliveryDetail }) {
  const [step, setStep] = useState<string | null>(null);
  const [asking, setAsking] = useState<'replay' | 'cancel' | null>(null);
  const mayAct = useHasRole('member');
  const navigate = useNavigate();
  const cancel = useCancelDelivery(delivery.id);
  const line = deliveryLine(delivery);
  const over = ended.includes(delivery.state);
  const failure = failureText(delivery.state, delivery.message);

  useSingleKey('r', () => {
    if (mayAct && over) setAsking('replay');
  });

  const open = (id: string) => {
    if (id === 'incident') void navigate({ to: '/incidents/$id', params: { id: delivery.incidentId } });
    else setStep(id);
  };

  return (
    <>
      <PageHeader
        title={`Incident ${delivery.incidentNumber} ${changeWords(delivery.changeType)}, to ${delivery.destinationName}`}
        crumbs={crumbs}
        badges={<DeliveryStatus value={delivery.state} pill />}
        about={
          <>
            {delivery.summary.replace(/[.…]+$/, '')}. Made <Time at={delivery.createdAt} />
            {delivery.nextAttemptAt && (
              <>
                , <NextAttempt at={delivery.nextAttemptAt} destinationState={delivery.destinationState} />
              </>
            )}
            .
          </>
        }
        actions={
          mayAct &&
          (over ? (
            <Button
              variant={delivery.state === 'dead' ? 'filled' : 'default'}
              leftSection={<RotateCw size={15} />}
              onClick={() => setAsking('replay')}
              aria-keyshortcuts="r"
            >
              Replay
            </Button>
          ) : (
            <Button variant="default" onClick={() => setAsking('cancel')}>
              Cancel delivery
            </Button>
          ))
        }
      />
      {(delivery.code !== null || failure !== null) && (
        <div style={{ marginBottom: 16 }}>
          <ErrorCode code={delivery.code} message={failure} />
        </div>
      )}
      <Section title="The line" hint="From the incident to the ticket. Press a step for its details." flush>
        <Trace label="Path of this delivery" stages={line.stages} cables={line.cables} current={step} onOpen={open} />
      </Section>
      <div className={classes.columns}>
        <div className={classes.stack}>
          <Section title="Attempts" hint="Newest first. Credentials are never recorded." flush>
            {delivery.attemptList.length > 0 ? (
              <Attempts attempts={delivery.attemptList} said={failure} />
            ) : (
              <EmptyState kind="nothing" inset title="Not tried yet">
                The first attempt starts within seconds.
              </EmptyState>
            )}
          </Section>
          <Section title="What the destination is told">
            <JsonView value={delivery.change} label="Change" />
          </Section>
        </div>
        <Section title="Facts">
          <DeliveryFacts delivery={delivery} />
        </Section>
      </div>
      <StepDrawer delivery={delivery} step={step} onClose={() => setStep(null)} />
      <ReplayDialog
        id={delivery.id}
        kind={delivery.destinationKind}
        opened={asking === 'replay'}
        onClose={() => setAsking(null)}
      />
      <ConfirmDialog
        opened={asking === 'cancel'}
        title="Cancel this delivery"
        act="Cancel delivery"
        destructive
        busy={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate(undefined, { onSuccess: () => setAsking(null) })}
        onClose={() => setAsking(null)}
      >
        It is not tried again by itself. Requests that were sent stay sent. You can replay it later.
      </ConfirmDialog>
    </>
  );
}

function DeliveryFacts({ delivery }: { delivery: DeliveryDetail }) {
  return (
    <Facts
      entries={[
        ['State', <DeliveryStatus value={delivery.state} />],
        [
          'Incident',
          <TextLink to="/incidents/$id" params={{ id: delivery.incidentId }}>
            #{delivery.incidentNumber}
          </TextLink>,
        ],
        ['Change', <span className="mono">{delivery.changeType}</span>],
        [
          'Destination',
          <TextLink to="/deliveries" search={{ destinationId: delivery.destinationId }}>
            {delivery.destinationName}
          </TextLink>,
        ],
        [
          'Plugin',
          delivery.plugin ? <PluginLink plugin={delivery.plugin} version={delivery.pluginVersion} /> : undefined,
        ],
        ['Made', <Time at={delivery.createdAt} />],
        ['Ended', delivery.finishedAt ? <Time at={delivery.finishedAt} /> : undefined],
        [
          'Next attempt',
          delivery.nextAttemptAt ? (
            <NextAttempt at={delivery.nextAttemptAt} destinationState={delivery.destinationState} />
          ) : undefined,
        ],
        ['Attempts', delivery.attempts],
        ['Ticket', delivery.linked ? <Tickets linked={[delivery.linked]} /> : undefined],
        ['Id', <CopyText text={delivery.id} label="Copy delivery id" />],
      ]}
    />
  );
}

interface StepDrawerProps {
  delivery: DeliveryDetail;
  step: string | null;
  onClose: () => void;
}

function StepDrawer({ delivery, step, onClose }: StepDrawerProps) {
  if (step?.startsWith('request:')) {
    const last = delivery.attemptList.toSorted((a, b) => a.number - b.number).at(-1);
    const request = last?.requests.find((one) => `request:${one.ask}` === step);
    return (
      <DetailDrawer title={`Request ${Number(step.slice(8)) + 1} of attempt ${last?.number ?? 1}`} onClose={onClose}>
        {request && <Exchange request={request} open />}
      </DetailDrawer>
    );
  }
  if (step === 'change') {
    return (
      <DetailDrawer title="Change" onClose={onClose}>
        <JsonView value={delivery.change} label="Change" />
      </DetailDrawer>
    );
  }
  const titles: Record<string, string> = {
    sender: delivery.destinationName,
    ticket: `Ticket ${delivery.linked?.key ?? ''}`,
  };
  return (
    <DetailDrawer title={step === null ? null : (titles[step] ?? 'Details')} onClose={onClose}>
      {step === 'ticket' && delivery.linked ? (
        <Facts
          entries={[
            ['Ticket', <Tickets linked={[delivery.linked]} />],
            ['Address', <CopyText text={delivery.linked.href} label="Copy address" />],
          ]}
        />
      ) : (
        <DeliveryFacts delivery={delivery} />
      )}
    </DetailDrawer>
  );
}
