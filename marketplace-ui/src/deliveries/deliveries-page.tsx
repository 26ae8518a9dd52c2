import { Button } from '@mantine/core';
import { changeTypes, type ChangeType } from '@patchbay/plugin-sdk/contract/envelopes';
import { deliverySchema, deliveryStates, type Delivery } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { getRouteApi } from '@tanstack/react-router';
import { useLiveList } from '../api/live-list.ts';
import { CursorPager } from '../components/cursor-pager.tsx';
import { DataTable, RowLink, type Column } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { FilterMany, FilterSelect } from '../components/filter-select.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { HeldRows, LiveMark } from '../components/live-mark.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { DeliveryStatus } from '../components/status.tsx';
import { Nothing, Time } from '../components/time.tsx';
import { NextAttempt } from './next-attempt.tsx';
import { Tickets } from '../components/tickets.tsx';
import { changeWords } from './change-words.ts';
import { useDestinationOptions } from './destination-options.ts';
import type { DeliverySearch } from './routes.tsx';

const route = getRouteApi('/app/deliveries');
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const stateOptions = deliveryStates.map((value) => ({ value, label: capital(value) }));
const changeOptions = changeTypes.map((value: ChangeType) => ({ value, label: capital(changeWords(value)) }));

const columns: Column<Delivery>[] = [
  { key: 'state', header: 'State', width: '112px', cell: (row) => <DeliveryStatus value={row.state} /> },
  {
    key: 'what',
    header: 'Incident and change',
    card: 'title',
    cell: (row) => (
      <>
        <TextLink to="/incidents/$id" params={{ id: row.incidentId }} className="tabular">
          #{row.incidentNumber}
        </TextLink>{' '}
        <RowLink to="/deliveries/$id" params={{ id: row.id }} title={row.summary}>
          {changeWords(row.changeType)}: {row.summary}
        </RowLink>
      </>
    ),
  },
  {
    key: 'to',
    header: 'Destination',
    width: '156px',
    muted: true,
    cell: (row) => <span title={row.destinationName}>{row.destinationName}</span>,
  },
  {
    key: 'why',
    header: 'Why not delivered',
    width: '220px',
    muted: true,
    wide: true,
    card: 'hidden',
    cell: ({ state, message }) =>
      state !== 'delivered' && message ? <span title={message}>{message}</span> : <Nothing word="nothing failed" />,
  },
  {
    key: 'ticket',
    header: 'Ticket',
    width: '96px',
    card: 'hidden',
    cell: (row) => (row.linked ? <Tickets linked={[row.linked]} /> : <Nothing word="no ticket" />),
  },
  {
    key: 'attempts',
    header: 'Attempts',
    width: '80px',
    align: 'end',
    muted: true,
    card: 'labelled',
    cell: (row) => row.attempts,
  },
  {
    key: 'when',
    header: 'When',
    width: '160px',
    align: 'end',
    muted: true,
    cell: (row) =>
      row.nextAttemptAt ? (
        <NextAttempt at={row.nextAttemptAt} destinationState={row.destinationState} />
      ) : (
        <Time at={row.createdAt} />
      ),
  },
];

export function DeliveriesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const destinations = useDestinationOptions();
  const list = useLiveList('deliveries', '/deliveries', deliverySchema, search);
  const filtered = Object.values(search).some((value) => value !== undefined);

  const filter = (change: Partial<DeliverySearch>) =>
    void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  const clear = () => void navigate({ search: {} });

  return (
    <>
      <PageHeader title="Deliveries" />
      <FilterBar end={<LiveMark updatedAt={list.updatedAt} />}>
        <FilterMany label="State" options={stateOptions} value={search.state} onChange={(state) => filter({ state })} />
        {destinations.length > 0 && (
          <FilterSelect
            label="Destination"
            options={destinations}
            value={search.destinationId}
            onChange={(destinationId) => filter({ destinationId })}
            searchable
          />
        )}
        <FilterSelect
          label="Change"
          options={changeOptions}
          value={search.changeType}
          onChange={(changeType) => filter({ changeType })}
        />
        {filtered && (
          <Button variant="subtle" color="gray" onClick={clear}>
            {search.incidentId ? 'Clear, and show all incidents' : 'Clear'}
          </Button>
        )}
      </FilterBar>
      <HeldRows count={list.held} noun={list.held === 1 ? 'delivery' : 'deliveries'} onShow={list.showHeld} />
      {list.isPending ? (
        <TableSkeleton />
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={list.retry} />
      ) : list.rows.length > 0 ? (
        <>
          <DataTable label="Deliveries" columns={columns} rows={list.rows} rowKey={(row) => row.id} keyboard live />
          <CursorPager
            shown={list.rows.length}
            noun={list.rows.length === 1 ? 'delivery' : 'deliveries'}
            hasMore={list.hasMore}
            loading={list.loadingMore}
            onMore={list.loadMore}
          />
        </>
      ) : filtered ? (
        <EmptyState
          kind="no-match"
          title="No delivery matches"
          action={
            <Button variant="default" onClick={clear}>
              Clear filters
            </Button>
          }
        >
          {wordsOf(search)}
        </EmptyState>
      ) : (
        <EmptyState
          kind="first-run"
          title="Nothing was delivered yet"
          action={
            <>
              <ButtonLink to="/marketplace">Find a connector</ButtonLink>
              <ButtonLink variant="default" to="/webhooks">
                Add a webhook
              </ButtonLink>
            </>
          }
        >
          A destination hears of incidents: a connector such as Jira, or a webhook of your own. Each time it is told of
          a change, the delivery and what it sent appear here.
        </EmptyState>
      )}
    </>
  );
}

function wordsOf(search: DeliverySearch): string {
  const parts = [
    search.state && `state ${search.state.join(' or ')}`,
    search.changeType && `change “${changeWords(search.changeType)}”`,
    search.destinationId && 'the chosen destination',
    search.incidentId && 'one incident',
  ].filter(Boolean);
  return `You look for ${parts.join(', ')}.`;
}
