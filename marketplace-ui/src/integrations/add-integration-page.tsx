import type { Installation } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useHasRole, useSession } from '../api/session.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Section } from '../components/section.tsx';
import { PageSkeleton, TableSkeleton } from '../components/skeletons.tsx';
import { useHeadingFocus } from '../consent/heading-focus.ts';
import { FailedPage } from '../destinations/failed-page.tsx';
import { installationsQuery } from '../installed/installation-queries.ts';
import { pluginQuery } from '../marketplace/plugin-queries.ts';
import { serviceQuery } from '../services/service-queries.ts';
import { AddIntegrationForm } from './add-integration-form.tsx';
import { TypeChoice } from './type-choice.tsx';
import classes from './integration-page.module.css';

const route = getRouteApi('/app/services/$id/integrations/new');

/** Services > one > Integrations > Add: choose a type among the installed plugins, then fill in its form. */
export function AddIntegrationPage() {
  const { id } = route.useParams();
  const { type } = route.useSearch();
  const navigate = route.useNavigate();
  const service = useQuery(serviceQuery(id));
  const installations = useQuery(installationsQuery);
  const { group } = useSession();
  const mayAdd = useHasRole('member');
  useHeadingFocus();

  const failed = service.isError ? service : installations.isError ? installations : null;
  if (failed !== null)
    return <FailedPage title="Add an integration" error={failed.error} onRetry={() => void failed.refetch()} />;
  if (service.data === undefined || installations.data === undefined) return <PageSkeleton />;
  if (!mayAdd)
    return (
      <>
        <PageHeader title={`Add an integration to ${service.data.name}`} />
        <EmptyState kind="no-right" title="You may not add integrations">
          Your role in {group.name} is viewer. Ask one of its owners or admins to make you a member.
        </EmptyState>
      </>
    );

  const ingest = installations.data
    .filter(({ integrationType }) => integrationType !== null)
    .sort((a, b) => a.name.localeCompare(b.name));
  const chosen = ingest.find(({ integrationType }) => integrationType === type);
  return (
    <div className={classes.narrow}>
      <PageHeader
        title={`Add an integration to ${service.data.name}`}
        crumbs={[
          <TextLink key="services" to="/services">
            Services
          </TextLink>,
          <TextLink key="service" to="/services/$id" params={{ id }}>
            {service.data.name}
          </TextLink>,
          <span key="integrations">Integrations</span>,
        ]}
      />
      <div className={classes.stack}>
        <Section
          title="What sends the alerts?"
          hint={
            <>
              Not here?{' '}
              <TextLink to="/marketplace" search={{ provides: 'ingest' as const }}>
                Find it in the marketplace
              </TextLink>
            </>
          }
        >
          {ingest.length === 0 ? (
            <EmptyState
              inset
              kind="first-run"
              title="No plugin that receives alerts is installed"
              action={
                <ButtonLink to="/marketplace" search={{ provides: 'ingest' as const }}>
                  Open the marketplace
                </ButtonLink>
              }
            />
          ) : (
            <TypeChoice
              installations={ingest}
              value={chosen?.integrationType ?? null}
              onChange={(next) => void navigate({ search: { type: next }, replace: true })}
            />
          )}
          {type !== undefined && chosen === undefined && (
            <p className={classes.note} role="status">
              No installed plugin provides the type <span className="mono">{type}</span>. Install one from the
              marketplace first.
            </p>
          )}
        </Section>
        {chosen !== undefined && <FormOf key={chosen.id} installation={chosen} serviceId={id} />}
      </div>
    </div>
  );
}

function FormOf({ installation, serviceId }: { installation: Installation; serviceId: string }) {
  const plugin = useQuery(pluginQuery(installation.plugin, installation.version));
  if (plugin.isError) return <ErrorState error={plugin.error} onRetry={() => void plugin.refetch()} />;
  if (plugin.isPending) return <TableSkeleton rows={4} />;
  return <AddIntegrationForm installation={installation} plugin={plugin.data} serviceId={serviceId} />;
}
