import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useHasRole, useSession } from '../api/session.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ButtonLink, TextLink } from '../components/link.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { PageSkeleton } from '../components/skeletons.tsx';
import { FailedPage } from '../destinations/failed-page.tsx';
import { InstallForm } from './install-form.tsx';
import { installState } from './install-state.ts';
import { pluginQuery } from './plugin-queries.ts';

const route = getRouteApi('/app/marketplace/$namespace/$name/install');

/** The consent: who made the plugin, what it may do, where it runs, and the act. */
export function InstallPage() {
  const { namespace, name } = route.useParams();
  const { version } = route.useSearch();
  const { group } = useSession();
  const mayInstall = useHasRole('admin');
  const query = useQuery(pluginQuery(`${namespace}/${name}`, version));
  if (query.isError)
    return (
      <FailedPage
        title="Install a plugin"
        error={query.error}
        onRetry={() => void query.refetch()}
        crumbs={[
          <TextLink key="up" to="/marketplace">
            Marketplace
          </TextLink>,
        ]}
      />
    );
  if (query.isPending) return <PageSkeleton />;
  const state = installState(query.data, mayInstall, group.name);
  if (state.kind === 'ready' || (state.kind === 'installed' && state.again))
    return <InstallForm plugin={query.data} onReload={() => void query.refetch()} />;
  if (state.kind === 'blocked')
    return (
      <>
        <PageHeader title={`Install ${query.data.name}`} />
        <EmptyState
          kind="no-right"
          title={`${query.data.name} cannot be installed`}
          action={
            <ButtonLink variant="default" to="/marketplace/$namespace/$name" params={{ namespace, name }}>
              Back to the plugin
            </ButtonLink>
          }
        >
          {state.reason}
        </EmptyState>
      </>
    );
  return (
    <>
      <PageHeader title={`Install ${query.data.name}`} />
      <EmptyState
        kind="nothing"
        title={`${query.data.name} is installed already`}
        action={
          <ButtonLink to="/installed/$id" params={{ id: state.installationId }}>
            Open the installation
          </ButtonLink>
        }
      >
        A plugin that receives alerts is installed once in {group.name}; add integrations to it.
      </EmptyState>
    </>
  );
}
