import { reportStates, type PluginReport } from '@patchbay/plugin-sdk/contract/rest/reports';
import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Actor } from '../components/actor.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { LiveMark } from '../components/live-mark.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Time } from '../components/time.tsx';
import { DecideReportDialog, type Decision } from './decide-report-dialog.tsx';
import { reportsQuery } from './report-queries.ts';
import { reasonWords, reportStateWords } from './report-words.ts';
import { useMayReview } from './use-registry-role.ts';
import classes from './review.module.css';

const route = getRouteApi('/app/review/reports');

/** What people report about plugins, and what reviewers decided. */
export function ReportsPage() {
  const { state = 'open' } = route.useSearch();
  const navigate = route.useNavigate();
  const mayReview = useMayReview();
  const query = useQuery({ ...reportsQuery(state), enabled: mayReview });
  const crumbs = [
    <TextLink key="up" to="/review">
      Review
    </TextLink>,
  ];
  if (!mayReview)
    return (
      <>
        <PageHeader title="Reports" crumbs={crumbs} />
        <EmptyState kind="no-right" title="Only reviewers read reports">
          Ask an admin of the registry for the role.
        </EmptyState>
      </>
    );
  return (
    <>
      <PageHeader title="Reports" about="What people say is wrong with published versions." crumbs={crumbs} />
      <FilterBar end={<LiveMark updatedAt={query.dataUpdatedAt} />}>
        <div className={classes.states}>
          <SegmentedControl
            aria-label="State"
            value={state}
            onChange={(next) =>
              void navigate({ search: { state: reportStates.find((one) => one === next) }, replace: true })
            }
            data={reportStates.map((value) => ({ value, label: reportStateWords[value] }))}
          />
        </div>
      </FilterBar>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <TableSkeleton rows={3} />
      ) : query.data.items.length === 0 ? (
        <EmptyState
          kind="nothing"
          title={state === 'open' ? 'No report waits' : `Nothing is ${reportStateWords[state].toLowerCase()}`}
        />
      ) : (
        <div className={classes.stack}>
          {query.data.items.map((report) => (
            <Report key={report.id} report={report} />
          ))}
        </div>
      )}
    </>
  );
}

function Report({ report }: { report: PluginReport }) {
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const { plugin, version, reason, text, reportedBy, reportedAt, state, decidedBy, decidedAt, decision } = report;
  const [namespace = '', name = ''] = plugin.split('/');
  return (
    <Section
      title={reasonWords[reason]}
      hint={
        <TextLink to="/marketplace/$namespace/$name" params={{ namespace, name }} search={{ version }}>
          <span className="mono">
            {plugin} {version}
          </span>
        </TextLink>
      }
    >
      <p className={classes.plain}>{text}</p>
      <p className={classes.quiet}>
        <Actor name={reportedBy} /> <Time at={reportedAt} />
      </p>
      {state === 'open' ? (
        <div className={classes.acts}>
          <Button size="xs" variant="default" onClick={() => setDeciding('dismissed')}>
            Dismiss
          </Button>
          <Button size="xs" variant="default" onClick={() => setDeciding('held')}>
            Hold the version
          </Button>
          <ButtonLink size="xs" variant="default" to="/review/revocations" search={{ plugin, range: version }}>
            Revoke the version
          </ButtonLink>
          <Button size="xs" variant="default" onClick={() => setDeciding('acted')}>
            Dealt with
          </Button>
        </div>
      ) : (
        <p className={classes.reason}>
          {reportStateWords[state]} {decidedAt !== null && <Time at={decidedAt} />} by <Actor name={decidedBy ?? ''} />:{' '}
          {decision}
        </p>
      )}
      {deciding !== null && (
        <DecideReportDialog report={report} decision={deciding} onClose={() => setDeciding(null)} />
      )}
    </Section>
  );
}
