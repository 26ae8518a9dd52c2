import { submissionStates, type Submission, type SubmissionState } from '@patchbay/plugin-sdk/contract/rest/registry';
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Actor } from '../components/actor.tsx';
import { DataTable, RowLink } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { ButtonLink } from '../components/link.tsx';
import { LiveMark } from '../components/live-mark.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { SearchField } from '../components/search-field.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Time } from '../components/time.tsx';
import { count } from '../consent/words.ts';
import { ChecksWord } from './checks-word.tsx';
import { HeldVersions } from './held-versions.tsx';
import { queueQuery } from './review-queries.ts';
import { stateLooks, SubmissionStatus } from './submission-state.tsx';
import { useMayReview, useRunsRegistry } from './use-registry-role.ts';
import { WaitingSignOffs } from './waiting-sign-offs.tsx';
import classes from './review.module.css';

const route = getRouteApi('/app/review');
const shownStates = submissionStates.filter((state) => state !== 'uploaded' && state !== 'approved');

/** What waits for a reviewer, and what became of the rest. */
export function ReviewPage() {
  const { state = 'in_review', q } = route.useSearch();
  const navigate = route.useNavigate();
  const mayReview = useMayReview();
  const runsRegistry = useRunsRegistry();
  const query = useQuery({ ...queueQuery({ state, q }), enabled: mayReview });
  if (!mayReview)
    return (
      <>
        <PageHeader title="Review" />
        <EmptyState kind="no-right" title="Only reviewers see what waits for review">
          Ask an admin of the registry for the role.
        </EmptyState>
      </>
    );
  const counts = query.data?.counts ?? {};
  return (
    <>
      <PageHeader
        title="Review"
        about="What authors have submitted. Nothing is offered before somebody else has read it."
        actions={
          <>
            <ButtonLink variant="default" to="/review/reports">
              Reports
            </ButtonLink>
            {runsRegistry && (
              <ButtonLink variant="default" to="/review/namespaces">
                Namespaces
              </ButtonLink>
            )}
            <ButtonLink variant="default" to="/review/checks">
              Checks
            </ButtonLink>
            <ButtonLink variant="default" to="/review/revocations">
              Revocations
            </ButtonLink>
          </>
        }
      />
      <WaitingSignOffs />
      <HeldVersions />
      <FilterBar end={<LiveMark updatedAt={query.dataUpdatedAt} />}>
        <div className={classes.states}>
          <SegmentedControl
            aria-label="State"
            value={state}
            onChange={(next) =>
              void navigate({
                search: (before) => ({ ...before, state: shownStates.find((one) => one === next) }),
                replace: true,
              })
            }
            data={shownStates.map((one) => ({ value: one, label: labelOf(one, counts[one] ?? 0) }))}
          />
        </div>
        <SearchField
          slash
          label="Search submissions"
          value={q ?? ''}
          onChange={(text) =>
            void navigate({ search: (before) => ({ ...before, q: text === '' ? undefined : text }), replace: true })
          }
        />
      </FilterBar>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <TableSkeleton rows={4} />
      ) : query.data.items.length === 0 ? (
        <NothingHere state={state} q={q} />
      ) : (
        <Queue submissions={query.data.items} />
      )}
    </>
  );
}

function labelOf(state: SubmissionState, number: number): string {
  return number === 0 ? stateLooks[state].word : `${stateLooks[state].word} ${number}`;
}

function NothingHere({ state, q }: { state: SubmissionState; q: string | undefined }) {
  if (q !== undefined)
    return (
      <EmptyState kind="no-match" title={`No submission matches “${q}”`}>
        Names of plugins are searched, in this state only.
      </EmptyState>
    );
  if (state === 'in_review')
    return (
      <EmptyState kind="nothing" title="Nothing waits for review">
        What authors publish with “patchbay publish” appears here once its checks have passed.
      </EmptyState>
    );
  return <EmptyState kind="nothing" title={`Nothing is ${stateLooks[state].word.toLowerCase()}`} />;
}

function Queue({ submissions }: { submissions: readonly Submission[] }) {
  return (
    <DataTable
      label="Submissions"
      keyboard
      rows={submissions}
      rowKey={({ submissionId }) => submissionId}
      columns={[
        {
          key: 'plugin',
          header: 'Plugin',
          card: 'title',
          cell: ({ submissionId, plugin, version }) => (
            <RowLink to="/review/submissions/$id" params={{ id: submissionId }}>
              <span className="mono">
                {plugin} {version}
              </span>
            </RowLink>
          ),
        },
        {
          key: 'state',
          header: 'State',
          width: '130px',
          cell: (one) => <SubmissionStatus of={one} />,
        },
        { key: 'checks', header: 'Checks', width: '190px', cell: ({ checks }) => <ChecksWord checks={checks} /> },
        {
          key: 'approvals',
          header: 'Approvals',
          width: '130px',
          card: 'labelled',
          cell: ({ state, approvals }) =>
            state === 'in_review' ? `${approvals.given} of ${approvals.needed}` : count(approvals.given, 'approval'),
        },
        {
          key: 'author',
          header: 'Author',
          width: '170px',
          muted: true,
          cell: ({ submittedBy }) => <Actor name={submittedBy} />,
        },
        {
          key: 'since',
          header: 'Since',
          width: '120px',
          muted: true,
          card: 'labelled',
          cell: ({ stateSince }) => <Time at={stateSince} />,
        },
      ]}
    />
  );
}
