import {
  requestStates,
  requestSummarySchema,
  type Integration,
  type RequestSummary,
} from '@patchbay/plugin-sdk/contract/rest/integrations';
import { useState } from 'react';
import { useLiveList } from '../api/live-list.ts';
import { CursorPager } from '../components/cursor-pager.tsx';
import { DataTable, RowLink } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { FilterSelect } from '../components/filter-select.tsx';
import { HeldRows, LiveMark } from '../components/live-mark.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { HttpStatus, RequestStatus } from '../components/status.tsx';
import { Duration, Nothing, Time } from '../components/time.tsx';
import classes from './integration-page.module.css';

type RequestState = (typeof requestStates)[number];

/** What came in, newest first, with the reason where something was refused. */
export function LastRequests({ integration }: { integration: Integration }) {
  const [state, setState] = useState<RequestState>();
  const list = useLiveList('requests', `/integrations/${integration.id}/requests`, requestSummarySchema, { state });
  const actions = (
    <>
      <FilterSelect label="State" options={stateOptions} value={state} onChange={setState} />
      <LiveMark updatedAt={list.updatedAt} />
    </>
  );
  return (
    <Section title="Last requests" flush={list.rows.length > 0} actions={actions}>
      <HeldRows count={list.held} noun="requests" onShow={list.showHeld} />
      {list.error !== null ? (
        <ErrorState inset error={list.error} onRetry={list.retry} />
      ) : list.isPending ? (
        <TableSkeleton rows={5} />
      ) : list.rows.length === 0 && state !== undefined ? (
        <EmptyState inset kind="no-match" title={`No request is ${state}`}>
          Clear the filter above to see what came in.
        </EmptyState>
      ) : list.rows.length === 0 ? (
        <EmptyState inset kind="first-run" title="Nothing came in yet">
          Enter the URL and the key at the sender, or send a test event. What arrives is listed here within a second,
          also when it was refused.
        </EmptyState>
      ) : (
        <>
          <DataTable
            inset
            keyboard
            live
            label="Last requests"
            rows={list.rows}
            rowKey={({ id }) => id}
            columns={columns}
          />
          <div style={{ paddingInline: 16 }}>
            <CursorPager
              shown={list.rows.length}
              noun={list.rows.length === 1 ? 'request' : 'requests'}
              hasMore={list.hasMore}
              loading={list.loadingMore}
              onMore={list.loadMore}
            />
          </div>
        </>
      )}
    </Section>
  );
}

const stateOptions = requestStates.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }));

const columns = [
  {
    key: 'received',
    header: 'Received',
    width: '140px',
    card: 'title' as const,
    cell: ({ id, receivedAt }: RequestSummary) => (
      <RowLink to="/requests/$id" params={{ id }}>
        <Time at={receivedAt} />
      </RowLink>
    ),
  },
  {
    key: 'state',
    header: 'State',
    width: '120px',
    cell: ({ state }: RequestSummary) => <RequestStatus value={state} />,
  },
  {
    key: 'status',
    header: 'Answered',
    width: '100px',
    cell: ({ status }: RequestSummary) => <HttpStatus value={status} />,
  },
  { key: 'why', header: 'Why', cell: (request: RequestSummary) => <Why request={request} /> },
  {
    key: 'events',
    header: 'Events',
    width: '84px',
    align: 'end' as const,
    card: 'labelled' as const,
    cell: ({ eventCount }: RequestSummary) => <span className="tabular">{eventCount}</span>,
  },
  {
    key: 'took',
    header: 'Took',
    width: '92px',
    align: 'end' as const,
    muted: true,
    card: 'hidden' as const,
    cell: ({ durationMs }: RequestSummary) => <Duration ms={durationMs} />,
  },
  {
    key: 'from',
    header: 'From',
    width: '140px',
    muted: true,
    card: 'hidden' as const,
    cell: ({ remoteAddress }: RequestSummary) => <span className="mono">{remoteAddress}</span>,
  },
];

function Why({ request: { reason, code } }: { request: RequestSummary }) {
  if (reason === null && code === null) return <Nothing word="nothing to explain" />;
  return (
    <span className={classes.why} title={[reason, code].filter((text) => text !== null).join(' · ')}>
      {reason ?? <span className={`mono ${classes.code ?? ''}`}>{code}</span>}
    </span>
  );
}
