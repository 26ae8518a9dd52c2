import type { Destination } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { useQuery } from '@tanstack/react-query';
import { useHasRole } from '../api/session.ts';
import { DataTable, RowLink, type Column } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ButtonLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { SwitchState } from '../components/status.tsx';
import { Nothing } from '../components/time.tsx';
import { webhooksQuery } from '../destinations/destination-queries.ts';

/** Outgoing webhooks with their state and how their deliveries went. */
export function WebhooksPage() {
  const query = useQuery(webhooksQuery);
  const mayCreate = useHasRole('admin');
  const create = mayCreate && <ButtonLink to="/webhooks/new">Create a webhook</ButtonLink>;
  return (
    <>
      <PageHeader
        title="Webhooks"
        about="Addresses of yours that hear of incidents. Each delivery is signed, tried again and kept in the log."
        actions={create}
      />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <TableSkeleton />
      ) : query.data.length === 0 ? (
        <EmptyState kind="first-run" title="No webhook yet" action={create}>
          A webhook posts changes of incidents to an address of yours as signed JSON.
        </EmptyState>
      ) : (
        <DataTable keyboard label="Webhooks" rows={query.data} rowKey={({ id }) => id} columns={columns} />
      )}
    </>
  );
}

const columns: Column<Destination>[] = [
  {
    key: 'name',
    header: 'Webhook',
    card: 'title',
    width: '24%',
    cell: ({ id, name }) => (
      <RowLink to="/webhooks/$id" params={{ id }}>
        {name}
      </RowLink>
    ),
  },
  { key: 'state', header: 'State', width: '150px', cell: ({ state }) => <SwitchState value={state} /> },
  {
    key: 'url',
    header: 'Posts to',
    cell: ({ url }) =>
      url === null ? (
        <Nothing />
      ) : (
        <span className="mono" title={url}>
          {shortUrl(url)}
        </span>
      ),
  },
  { key: 'environment', header: 'Environment', width: '120px', muted: true, cell: ({ environment }) => environment },
  numbers('delivered', 'Delivered'),
  numbers('retrying', 'Retrying'),
  numbers('dead', 'Dead'),
];

function numbers(key: keyof Destination['counts'], header: string): Column<Destination> {
  return {
    key,
    header,
    width: '96px',
    align: 'end',
    card: 'labelled',
    cell: ({ counts }) => <span className="tabular">{counts[key].toLocaleString('en')}</span>,
  };
}

/** Host and path; the query may hold what should not be read over a shoulder. */
function shortUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const { host, pathname } = new URL(text);
  return `${host}${pathname === '/' ? '' : pathname}`;
}
