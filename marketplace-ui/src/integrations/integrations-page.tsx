import type { Integration } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { environments } from '@patchbay/plugin-sdk/contract/manifest';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useHasRole } from '../api/session.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { ButtonLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { SearchField } from '../components/search-field.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { servicesQuery } from '../services/service-queries.ts';
import { environmentChoices } from '../marketplace/plugin-words.ts';
import { HealthOverview } from './health-overview.tsx';
import { healthQuery, integrationsQuery } from './integration-queries.ts';
import { IntegrationTable } from './integration-table.tsx';

const route = getRouteApi('/app/integrations');

/** The integrations of every service; filters stand in the address. */
export function IntegrationsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(integrationsQuery());
  const health = useQuery(healthQuery);
  const services = useQuery(servicesQuery);
  const mayAdd = useHasRole('member');
  const home = services.data?.find(({ isDefault }) => isDefault) ?? services.data?.[0];
  const add = mayAdd && home !== undefined && (
    <ButtonLink to="/services/$id/integrations/new" params={{ id: search.serviceId ?? home.id }}>
      Add an integration
    </ButtonLink>
  );
  const set = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const all = query.data ?? [];
  const shown = all.filter((integration) => matches(integration, search));
  const types = [...new Set(all.map(({ type }) => type))].sort();
  return (
    <>
      <PageHeader
        title="Integrations"
        about="Addresses that your senders post to. Each belongs to a service and has a key of its own."
        actions={add}
      />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <TableSkeleton />
      ) : all.length === 0 ? (
        <EmptyState kind="first-run" title="No integration yet" action={add}>
          An integration gives a sender an address and a key. What it posts there becomes incidents.
        </EmptyState>
      ) : (
        <>
          {health.data && <HealthOverview health={health.data} />}
          <FilterBar>
            <SearchField
              slash
              label="Search integrations"
              value={search.q ?? ''}
              onChange={(q) => set({ q: q === '' ? undefined : q })}
            />
            <NativeSelect
              aria-label="Service"
              value={search.serviceId ?? ''}
              data={[
                { value: '', label: 'Every service' },
                ...(services.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
              ]}
              onChange={(event) => set({ serviceId: event.currentTarget.value || undefined })}
            />
            <NativeSelect
              aria-label="Type"
              value={search.type ?? ''}
              data={[{ value: '', label: 'Every type' }, ...types]}
              onChange={(event) => set({ type: event.currentTarget.value || undefined })}
            />
            <NativeSelect
              aria-label="Environment"
              value={search.environment ?? ''}
              data={[{ value: '', label: 'Every environment' }, ...environmentChoices]}
              onChange={(event) => set({ environment: environments.find((one) => one === event.currentTarget.value) })}
            />
          </FilterBar>
          {shown.length === 0 ? (
            <EmptyState
              kind="no-match"
              title="No integration matches"
              action={
                <Button variant="default" onClick={() => void navigate({ search: {} })}>
                  Clear search and filters
                </Button>
              }
            >
              {search.q === undefined ? 'None of them fits these filters.' : `Nothing was found for “${search.q}”.`}
            </EmptyState>
          ) : (
            <IntegrationTable integrations={shown} health={health.data} keyboard />
          )}
        </>
      )}
    </>
  );
}

interface Filter {
  q?: string | undefined;
  serviceId?: string | undefined;
  type?: string | undefined;
  environment?: string | undefined;
}

function matches(integration: Integration, { q, serviceId, type, environment }: Filter): boolean {
  const words = `${integration.name} ${integration.type} ${integration.serviceName} ${integration.id}`.toLowerCase();
  return (
    (q === undefined || words.includes(q.toLowerCase())) &&
    (serviceId === undefined || integration.serviceId === serviceId) &&
    (type === undefined || integration.type === type) &&
    (environment === undefined || integration.environment === environment)
  );
}
