import { useQuery } from '@tanstack/react-query';
import { DataTable, RowLink } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Nothing, Time } from '../components/time.tsx';
import { ChecksWord } from '../review/checks-word.tsx';
import { SubmissionStatus } from '../review/submission-state.tsx';
import { ownSubmissionsQuery } from './publishing-queries.ts';

/** Everything that one has submitted, newest first. */
export function OwnSubmissions() {
  const query = useQuery(ownSubmissionsQuery);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={4} />;
  if (query.data.items.length === 0)
    return (
      <EmptyState kind="first-run" title="You have not submitted anything">
        “patchbay publish” uploads a plugin; what becomes of it is shown here.
      </EmptyState>
    );
  return (
    <DataTable
      label="Your submissions"
      keyboard
      rows={query.data.items}
      rowKey={({ submissionId }) => submissionId}
      columns={[
        {
          key: 'plugin',
          header: 'Plugin',
          card: 'title',
          cell: ({ submissionId, plugin, version }) => (
            <RowLink to="/publishing/submissions/$id" params={{ id: submissionId }}>
              <span className="mono">
                {plugin} {version}
              </span>
            </RowLink>
          ),
        },
        { key: 'state', header: 'State', width: '140px', cell: (one) => <SubmissionStatus of={one} /> },
        { key: 'checks', header: 'Checks', width: '190px', cell: ({ checks }) => <ChecksWord checks={checks} /> },
        { key: 'why', header: 'Why', cell: ({ reason, release }) => reason ?? release?.reason ?? <Nothing /> },
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
