import { Anchor, Button } from '@mantine/core';
import type { IncidentDetail } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CheckCircle2, Eye, History, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { ErrorState } from '../components/error-state.tsx';
import { JsonView } from '../components/json-view.tsx';
import { TextLink } from '../components/link.tsx';
import { notifyDone } from '../components/notify.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { safeHref } from '../components/safe-href.ts';
import { Section } from '../components/section.tsx';
import { useSingleKey } from '../components/single-keys.ts';
import { PageSkeleton } from '../components/skeletons.tsx';
import { IncidentState, Severity } from '../components/status.tsx';
import { Time } from '../components/time.tsx';
import { Trace } from '../components/trace.tsx';
import { requestQuery } from '../requests/request-queries.ts';
import { ActDialog } from './act-dialog.tsx';
import { incidentLine } from './incident-line.ts';
import { incidentQuery, useIncidentAct, type IncidentAct } from './incident-queries.ts';
import { IncidentFacts, StepDrawer } from './step-drawer.tsx';
import { Tickets } from '../components/tickets.tsx';
import { Timeline } from './timeline.tsx';
import classes from '../components/detail-layout.module.css';

const route = getRouteApi('/app/incidents/$id');
const crumbs = [
  <TextLink to="/incidents" inherit>
    Incidents
  </TextLink>,
];

export function IncidentPage() {
  const { id } = route.useParams();
  const incident = useQuery(incidentQuery(id));
  if (incident.data) return <IncidentView incident={incident.data} />;
  if (incident.error) {
    return (
      <>
        <PageHeader title="Incident" crumbs={crumbs} />
        <ErrorState error={incident.error} onRetry={() => void incident.refetch()} />
      </>
    );
  }
  return <PageSkeleton />;
}

const done: Record<IncidentAct, string> = { acknowledge: 'acknowledged', resolve: 'resolved', reopen: 'reopened' };

function IncidentView({ incident }: { incident: IncidentDetail }) {
  const [step, setStep] = useState<string | null>(null);
  const [asking, setAsking] = useState<IncidentAct | null>(null);
  const mayAct = useHasRole('member');
  const act = useIncidentAct(incident.id);

  const opening = incident.timeline.find((entry) => entry.kind === 'event' && entry.requestId !== null);
  const openingRequest = opening?.kind === 'event' ? opening.requestId : null;
  const request = useQuery({ ...requestQuery(openingRequest ?? ''), enabled: openingRequest !== null });
  const line = incidentLine(incident, request.data?.receivedAt ?? null);

  useSingleKey('a', () => {
    if (mayAct && incident.status === 'open') setAsking('acknowledge');
  });

  return (
    <>
      <PageHeader
        title={`#${incident.number} ${incident.summary}`}
        heading={
          <>
            <span style={{ color: 'var(--pb-text-muted)', fontWeight: 500 }}>#{incident.number}</span>{' '}
            {incident.summary}
          </>
        }
        crumbs={crumbs}
        about={
          <span
            style={{ display: 'inline-flex', flexWrap: 'wrap', alignItems: 'center', gap: '4px 10px', marginTop: 4 }}
          >
            <IncidentState value={incident.status} pill />
            <Severity value={incident.severity} pill />
            <span>
              in{' '}
              <TextLink to="/services/$id" params={{ id: incident.serviceId }}>
                {incident.serviceName}
              </TextLink>
              , opened <Time at={incident.openedAt} />
            </span>
            {incident.linked.length > 0 && (
              <span>
                ticket <Tickets linked={incident.linked} />
              </span>
            )}
          </span>
        }
        actions={
          mayAct ? (
            <Acts status={incident.status} onAsk={setAsking} />
          ) : (
            <span>Members of the group can act on it.</span>
          )
        }
      />
      {incident.previousIncidentId !== null && (
        <div className={classes.previous}>
          <History size={15} aria-hidden="true" />
          <span>
            It happened before:{' '}
            <TextLink to="/incidents/$id" params={{ id: incident.previousIncidentId }}>
              the previous incident with this key
            </TextLink>
          </span>
        </div>
      )}
      <Section title="The line" hint="From the request to the ticket. Press a step for its details." flush>
        <Trace
          label={`Path of incident ${incident.number}`}
          stages={line.stages}
          cables={line.cables}
          current={step}
          onOpen={setStep}
        />
      </Section>
      <div className={classes.columns}>
        <div className={classes.stack}>
          <Section title="Timeline" hint="Newest first">
            <Timeline entries={incident.timeline} onOpen={setStep} />
          </Section>
          {Object.keys(incident.customDetails).length > 0 && (
            <Section title="Details from the sender">
              <JsonView value={incident.customDetails} label="Details" />
            </Section>
          )}
        </div>
        <div className={classes.stack}>
          <Section title="Facts">
            <IncidentFacts incident={incident} />
          </Section>
          {incident.links.length > 0 && (
            <Section title="Links">
              <Links links={incident.links} />
            </Section>
          )}
        </div>
      </div>
      <StepDrawer incident={incident} step={step} onClose={() => setStep(null)} />
      <ActDialog
        act={asking}
        number={incident.number}
        onClose={() => setAsking(null)}
        onAct={(what, note) =>
          act.mutate({ act: what, note }, { onSuccess: () => notifyDone(`Incident ${incident.number} ${done[what]}`) })
        }
      />
    </>
  );
}

function Acts({ status, onAsk }: { status: IncidentDetail['status']; onAsk: (act: IncidentAct) => void }) {
  if (status === 'resolved') {
    return (
      <Button variant="default" leftSection={<RotateCcw size={15} />} onClick={() => onAsk('reopen')}>
        Reopen
      </Button>
    );
  }
  const resolve = (
    <Button
      variant={status === 'open' ? 'default' : 'filled'}
      leftSection={<CheckCircle2 size={15} />}
      onClick={() => onAsk('resolve')}
    >
      Resolve
    </Button>
  );
  if (status === 'acknowledged') return resolve;
  return (
    <>
      {resolve}
      <Button leftSection={<Eye size={15} />} onClick={() => onAsk('acknowledge')} aria-keyshortcuts="a">
        Acknowledge
      </Button>
    </>
  );
}

function Links({ links }: { links: IncidentDetail['links'] }) {
  return (
    <ul className={classes.links}>
      {links.map((link, at) => {
        const href = safeHref(link.href);
        return (
          <li key={at}>
            {href ? (
              <Anchor href={href} target="_blank" rel="noreferrer">
                {link.text ?? link.href}
              </Anchor>
            ) : (
              (link.text ?? link.href)
            )}
          </li>
        );
      })}
    </ul>
  );
}
