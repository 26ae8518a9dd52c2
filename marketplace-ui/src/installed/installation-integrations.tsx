import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { useQuery } from '@tanstack/react-query';
import { useHasRole } from '../api/session.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ButtonLink } from '../components/link.tsx';
import { Section } from '../components/section.tsx';
import { TableSkeleton } from '../components/skeletons.tsx';
import { integrationsQuery } from '../integrations/integration-queries.ts';
import { IntegrationTable } from '../integrations/integration-table.tsx';
import { servicesQuery } from '../services/service-queries.ts';

/** The integrations that this ingest plugin serves. */
export function InstallationIntegrations({ installation }: { installation: Installation }) {
  const query = useQuery(integrationsQuery());
  const services = useQuery(servicesQuery);
  const mayAdd = useHasRole('member');
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={3} />;
  const own = query.data.filter(({ installationId }) => installationId === installation.id);
  const home = services.data?.find(({ isDefault }) => isDefault) ?? services.data?.[0];
  const add = mayAdd && home !== undefined && installation.integrationType !== null && (
    <ButtonLink
      {...(own.length === 0 ? {} : { variant: 'default' as const, size: 'xs' as const })}
      to="/services/$id/integrations/new"
      params={{ id: home.id }}
      search={{ type: installation.integrationType }}
    >
      Add an integration
    </ButtonLink>
  );
  return (
    <Section
      title="Integrations"
      hint="Addresses that senders post to"
      flush={own.length > 0}
      actions={own.length > 0 && add}
    >
      {own.length === 0 ? (
        <EmptyState inset kind="first-run" title="No integration uses it yet" action={add}>
          An integration is the address and the key that you enter at the sender.
        </EmptyState>
      ) : (
        <IntegrationTable integrations={own} inset />
      )}
    </Section>
  );
}
