import type { Service } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useHasRole } from '../api/session.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { notifyDone } from '../components/notify.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { PageSkeleton, TableSkeleton } from '../components/skeletons.tsx';
import { FailedPage } from '../destinations/failed-page.tsx';
import { count } from '../consent/words.ts';
import { integrationsQuery } from '../integrations/integration-queries.ts';
import { IntegrationTable } from '../integrations/integration-table.tsx';
import { ServiceDialog } from './service-dialog.tsx';
import { serviceQuery, useDeleteService } from './service-queries.ts';

const route = getRouteApi('/app/services/$id');

/** One service: its integrations, and the way to its incidents. */
export function ServicePage() {
  const { id } = route.useParams();
  const query = useQuery(serviceQuery(id));
  if (query.isError)
    return (
      <FailedPage
        title="Service"
        error={query.error}
        onRetry={() => void query.refetch()}
        crumbs={[
          <TextLink key="up" to="/services">
            Services
          </TextLink>,
        ]}
      />
    );
  if (query.isPending) return <PageSkeleton />;
  return <ServiceBody service={query.data} />;
}

function ServiceBody({ service }: { service: Service }) {
  const [open, setOpen] = useState<'change' | 'delete' | null>(null);
  const mayChange = useHasRole('member');
  const mayDelete = useHasRole('admin');
  return (
    <>
      <PageHeader
        title={service.name}
        crumbs={[
          <TextLink key="services" to="/services">
            Services
          </TextLink>,
        ]}
        about={
          <>
            {service.description !== '' && <>{service.description} </>}
            <TextLink to="/incidents" search={{ serviceId: service.id, status: ['open', 'acknowledged'] }}>
              {count(service.openIncidents, 'open incident')}
            </TextLink>
            {' · '}
            <TextLink to="/incidents" search={{ serviceId: service.id }}>
              All incidents
            </TextLink>
          </>
        }
        actions={
          mayChange && (
            <>
              <Button variant="default" onClick={() => setOpen('change')}>
                Change
              </Button>
              {mayDelete && !service.isDefault && (
                <Button variant="default" onClick={() => setOpen('delete')}>
                  Delete
                </Button>
              )}
            </>
          )
        }
      />
      <ServiceIntegrations service={service} />
      <ServiceDialog opened={open === 'change'} service={service} onClose={() => setOpen(null)} />
      {open === 'delete' && <DeleteDialog service={service} onClose={() => setOpen(null)} />}
    </>
  );
}

function ServiceIntegrations({ service }: { service: Service }) {
  const query = useQuery(integrationsQuery({ serviceId: service.id }));
  const mayAdd = useHasRole('member');
  const add = mayAdd && (
    <ButtonLink size="xs" to="/services/$id/integrations/new" params={{ id: service.id }}>
      Add an integration
    </ButtonLink>
  );
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <TableSkeleton rows={4} />;
  const integrations = query.data.filter(({ serviceId }) => serviceId === service.id);
  return (
    <Section
      title="Integrations"
      hint="What posts alerts to this service"
      flush={integrations.length > 0}
      actions={integrations.length > 0 && add}
    >
      {integrations.length === 0 ? (
        <EmptyState inset kind="first-run" title="Nothing posts to this service yet" action={add}>
          Add an integration for each sender, such as Alertmanager or Grafana.
        </EmptyState>
      ) : (
        <IntegrationTable integrations={integrations} ofOneService inset keyboard />
      )}
    </Section>
  );
}

function DeleteDialog({ service, onClose }: { service: Service; onClose: () => void }) {
  const remove = useDeleteService(service.id);
  const navigate = useNavigate();
  const used = service.integrationCount > 0;
  return (
    <ConfirmDialog
      opened
      destructive
      title={`Delete “${service.name}”?`}
      act="Delete the service"
      blocked={used}
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            notifyDone(`“${service.name}” deleted`);
            void navigate({ to: '/services' });
          },
        })
      }
    >
      {used
        ? `It still has ${count(service.integrationCount, 'integration')}. Delete them or move them to another service first.`
        : 'Only a service that never had an integration or an incident can be deleted. This cannot be undone.'}
    </ConfirmDialog>
  );
}
