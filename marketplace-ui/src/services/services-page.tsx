import type { Service } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { DataTable, RowLink, type Column } from '../components/data-table.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { Nothing, Time } from '../components/time.tsx';
import { ServiceDialog } from './service-dialog.tsx';
import { servicesQuery } from './service-queries.ts';

/** The services of this group: what alerts are about. */
export function ServicesPage() {
  const query = useQuery(servicesQuery);
  const [creating, setCreating] = useState(false);
  const mayCreate = useHasRole('member');
  const create = mayCreate && <Button onClick={() => setCreating(true)}>Create a service</Button>;
  return (
    <>
      <PageHeader
        title="Services"
        about="What your alerts are about. A service owns its integrations and its incidents."
        actions={create}
      />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <TableSkeleton />
      ) : query.data.length === 0 ? (
        <EmptyState kind="first-run" title="No service yet" action={create}>
          Create one for each thing that you run and want to hear of.
        </EmptyState>
      ) : (
        <DataTable keyboard label="Services" rows={query.data} rowKey={({ id }) => id} columns={columns} />
      )}
      <ServiceDialog opened={creating} onClose={() => setCreating(false)} />
    </>
  );
}

const columns: Column<Service>[] = [
  {
    key: 'name',
    header: 'Service',
    card: 'title',
    cell: ({ id, name, isDefault }) => (
      <>
        <RowLink to="/services/$id" params={{ id }}>
          {name}
        </RowLink>
        {isDefault && <span style={{ color: 'var(--pb-text-muted)' }}> (default)</span>}
      </>
    ),
  },
  {
    key: 'description',
    header: 'About',
    muted: true,
    cell: ({ description }) => (description === '' ? <Nothing word="no description" /> : description),
  },
  {
    key: 'open',
    header: 'Open incidents',
    width: '130px',
    align: 'end',
    card: 'labelled',
    cell: ({ id, openIncidents }) => (
      <TextLink to="/incidents" search={{ serviceId: id, status: ['open', 'acknowledged'] }}>
        <span className="tabular">{openIncidents}</span>
        <span className="sr-only"> open incidents</span>
      </TextLink>
    ),
  },
  {
    key: 'integrations',
    header: 'Integrations',
    width: '120px',
    align: 'end',
    card: 'labelled',
    cell: ({ integrationCount }) => <span className="tabular">{integrationCount}</span>,
  },
  {
    key: 'created',
    header: 'Created',
    width: '130px',
    muted: true,
    card: 'labelled',
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
];
