import { Button } from '@mantine/core';
import { severities } from '@patchbay/plugin-sdk/contract/event-payload';
import { incidentSchema, incidentStatuses, type Incident } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { getRouteApi } from '@tanstack/react-router';
import { useLiveList } from '../api/live-list.ts';
import { CursorPager } from '../components/cursor-pager.tsx';
import { DataTable, RowLink, type Column } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { FilterMany, FilterSelect } from '../components/filter-select.tsx';
import { HeldRows, LiveMark } from '../components/live-mark.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { SearchField } from '../components/search-field.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { IncidentState, Severity } from '../components/status.tsx';
import { Nothing, Time } from '../components/time.tsx';
import { FirstIncident } from './first-incident.tsx';
import { useServiceOptions } from './service-options.ts';
import { useTypeOptions } from './type-options.ts';
import { Tickets } from '../components/tickets.tsx';
import type { IncidentSearch } from './routes.tsx';

const route = getRouteApi('/app/incidents');
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const statusOptions = incidentStatuses.map((value) => ({ value, label: capital(value) }));
const severityOptions = severities.map((value) => ({ value, label: capital(value) }));

const columns: Column<Incident>[] = [
  { key: 'severity', header: 'Severity', width: '100px', cell: (row) => <Severity value={row.severity} /> },
  {
    key: 'summary',
    header: 'Incident',
    card: 'title',
    cell: (row) => (
      <>
        <span className="tabular" style={{ color: 'var(--pb-text-muted)' }}>
          #{row.number}{' '}
        </span>
        <RowLink to="/incidents/$id" params={{ id: row.id }} title={row.summary}>
          {row.summary}
        </RowLink>
      </>
    ),
  },
  { key: 'status', header: 'Status', width: '136px', cell: (row) => <IncidentState value={row.status} /> },
  { key: 'service', header: 'Service', width: '128px', muted: true, cell: (row) => row.serviceName },
  {
    key: 'type',
    header: 'Type',
    width: '128px',
    muted: true,
    wide: true,
    card: 'hidden',
    cell: (row) => <span className="mono">{row.type}</span>,
  },
  {
    key: 'ticket',
    header: 'Ticket',
    width: '92px',
    cell: (row) => (row.linked.length > 0 ? <Tickets linked={row.linked} /> : <Nothing word="no ticket" />),
    card: 'hidden',
  },
  {
    key: 'opened',
    header: 'Opened',
    width: '104px',
    align: 'end',
    muted: true,
    cell: (row) => <Time at={row.openedAt} />,
  },
];

export function IncidentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const services = useServiceOptions();
  const types = useTypeOptions();
  const list = useLiveList('incidents', '/incidents', incidentSchema, search);
  const filtered = Object.values(search).some((value) => value !== undefined);

  const filter = (change: Partial<IncidentSearch>) =>
    void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  const clear = () => void navigate({ search: {} });

  return (
    <>
      <PageHeader title="Incidents" />
      <FilterBar end={<LiveMark updatedAt={list.updatedAt} />}>
        <SearchField
          slash
          label="Search incidents"
          value={search.q ?? ''}
          onChange={(q) => filter({ q: q || undefined })}
        />
        <FilterMany
          label="Status"
          options={statusOptions}
          value={search.status}
          onChange={(status) => filter({ status })}
        />
        <FilterSelect
          label="Severity"
          options={severityOptions}
          value={search.severity}
          onChange={(severity) => filter({ severity })}
        />
        {services.length > 1 && (
          <FilterSelect
            label="Service"
            options={services}
            value={search.serviceId}
            onChange={(serviceId) => filter({ serviceId })}
          />
        )}
        {types.length > 1 && (
          <FilterSelect label="Type" options={types} value={search.type} onChange={(type) => filter({ type })} />
        )}
        {filtered && (
          <Button variant="subtle" color="gray" onClick={clear}>
            Clear
          </Button>
        )}
      </FilterBar>
      <HeldRows count={list.held} noun={list.held === 1 ? 'incident' : 'incidents'} onShow={list.showHeld} />
      {list.isPending ? (
        <TableSkeleton />
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={list.retry} />
      ) : list.rows.length > 0 ? (
        <>
          <DataTable label="Incidents" columns={columns} rows={list.rows} rowKey={(row) => row.id} keyboard live />
          <CursorPager
            shown={list.rows.length}
            noun={list.rows.length === 1 ? 'incident' : 'incidents'}
            hasMore={list.hasMore}
            loading={list.loadingMore}
            onMore={list.loadMore}
          />
        </>
      ) : filtered ? (
        <EmptyState
          kind="no-match"
          title="No incident matches"
          action={
            <Button variant="default" onClick={clear}>
              Clear filters
            </Button>
          }
        >
          {wordsOf(search)}
        </EmptyState>
      ) : (
        <FirstIncident />
      )}
    </>
  );
}

/** Echoes the filter, so that an empty table never looks like an empty system. */
function wordsOf(search: IncidentSearch): string {
  const parts = [
    search.q && `text “${search.q}”`,
    search.status && `status ${search.status.join(' or ')}`,
    search.severity && `severity ${search.severity}`,
    search.type && `type ${search.type}`,
    search.dedupKey && `key ${search.dedupKey}`,
    (search.serviceId ?? search.integrationId) && 'the chosen service or integration',
  ].filter(Boolean);
  return `You look for ${parts.join(', ')}.`;
}
